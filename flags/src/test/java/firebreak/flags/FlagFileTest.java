package firebreak.flags;

import static firebreak.flags.FlagFixtures.applied;
import static firebreak.flags.FlagFixtures.customers;
import static firebreak.flags.FlagFixtures.fence;
import static firebreak.flags.FlagFixtures.flagFile;
import static firebreak.flags.FlagFixtures.shortCacheOff;
import static firebreak.flags.FlagFixtures.text;
import static firebreak.flags.FlagFixtures.users;
import static firebreak.flags.FlagFixtures.withdrawal;
import static firebreak.flags.FlagFixtures.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlagFileTest {
  @TempDir Path folder;
  private Path path;
  private FlagSwitch flags;

  @BeforeEach
  void open() {
    path = flagFile(folder);
    flags = Flags.file(path);
  }

  @Test
  void targetsOneCustomerAndKeepsEverythingElse() {
    ObjectNode before = FlagJson.object(text(path));
    var done =
        applied(flags.apply(shortCacheOff(customers("retail"), fence(flags, "short-cache"))));

    ObjectNode after = FlagJson.object(text(path));
    JsonNode flag = after.path("flags").path("short-cache");
    assertEquals(
        "[{\"contextKind\":\"customer\",\"variation\":1,\"values\":[\"retail\"]}]",
        flag.path("contextTargets").toString());
    assertEquals(8, flag.path("version").asInt());
    assertEquals(flag.toString(), done.after());
    assertEquals(fence(flags, "short-cache"), done.fence());
    ((ObjectNode) flag).put("version", 7).putArray("contextTargets");
    assertEquals(before.toString(), after.toString(), "order and numbers are kept as well");
  }

  @Test
  void readsAFlagsStateAsItsFileHasIt() {
    FlagState state = flags.read("button").orElseThrow();
    assertEquals(List.of("short-cache", "button"), flags.keys());
    assertEquals(List.of("blue", "green", "grey"), state.variations());
    assertEquals("grey", state.offVariation());
    assertTrue(state.on() && state.temporary() && !state.archived());
    assertTrue(flags.read("unheard-of").isEmpty());
  }

  @Test
  void tellsWhichFlagsAskAnotherFirst() {
    ObjectNode root = FlagJson.object(text(path));
    ObjectNode cache = (ObjectNode) root.path("flags").path("short-cache");
    cache.putArray("prerequisites").addObject().put("key", "button").put("variation", 0);
    write(path, root.toString());
    assertEquals(Set.of("short-cache"), flags.read("button").orElseThrow().dependents());
    assertEquals(
        flags.all(), flags.keys().stream().map(key -> flags.read(key).orElseThrow()).toList());
    cache.put("archived", true);
    write(path, root.toString());
    assertEquals(Set.of(), flags.read("button").orElseThrow().dependents());
  }

  @Test
  void aStaleFenceNeverWrites() {
    Withdrawal withdrawal = shortCacheOff(customers("retail"), fence(flags, "short-cache"));
    String edited = text(path).replace("\"salt\": \"a\"", "\"salt\": \"b\"");
    write(path, edited);

    var superseded = assertInstanceOf(Outcome.Superseded.class, flags.apply(withdrawal));
    assertEquals(fence(flags, "short-cache"), superseded.fence());
    assertInstanceOf(Outcome.Superseded.class, flags.dryRun(withdrawal));
    assertInstanceOf(
        Outcome.Superseded.class,
        flags.undo(withdrawal, FlagFixtures.SHORT_CACHE, withdrawal.fence()));
    assertEquals(edited, text(path));
  }

  @Test
  void aFenceIgnoresLayoutAndKeyOrderAndOtherFlags() {
    String fence = fence(flags, "short-cache");
    ObjectNode root = FlagJson.object(text(path));
    ObjectNode flag = (ObjectNode) root.path("flags").path("short-cache");
    JsonNode salt = flag.remove("salt");
    flag.set("salt", salt);
    ((ObjectNode) root.path("flags")).remove("button");
    write(path, root.toString());
    assertEquals(fence, fence(flags, "short-cache"));
    flag.put("on", false);
    write(path, root.toString());
    assertNotEquals(fence, fence(flags, "short-cache"));
  }

  @Test
  void theFenceOfADefinitionIsThatOfAFileThatHasIt() {
    FlagState state = flags.read("short-cache").orElseThrow();
    assertEquals(state.fence(), Flags.fenceInFile(state.definition()));
    assertThrows(IllegalArgumentException.class, () -> Flags.fenceInFile("[]"));
  }

  @Test
  void aDryRunSaysWhatApplyThenDoesAndWritesNothing() {
    String content = text(path);
    Withdrawal withdrawal = shortCacheOff(customers("retail"), fence(flags, "short-cache"));
    var would = assertInstanceOf(Outcome.WouldApply.class, flags.dryRun(withdrawal));
    assertEquals(content, text(path));
    assertEquals(List.of(path), filesIn(folder));
    var did = applied(flags.apply(withdrawal));
    assertEquals(would, new Outcome.WouldApply(did.before(), did.after()));
  }

  @Test
  void undoPutsTheFlagBackAsItWas() {
    ObjectNode before = FlagJson.object(text(path));
    for (Audience audience :
        List.of(customers("retail"), users("u1"), new Audience.Segment("beta"), everyone())) {
      Withdrawal withdrawal = shortCacheOff(audience, fence(flags, "short-cache"));
      var done = applied(flags.apply(withdrawal));
      applied(flags.undo(withdrawal, done.before(), done.fence()));
      ObjectNode after = FlagJson.object(text(path));
      ((ObjectNode) after.path("flags").path("short-cache")).put("version", 7);
      assertEquals(before.toString(), after.toString(), audience.toString());
      assertEquals(new FlagSwitch.Landing.Absent(), flags.landed(withdrawal));
    }
  }

  @Test
  void undoKeepsWhatAPersonChangedMeanwhile() {
    Withdrawal withdrawal =
        withdrawal("button", users("ann"), "blue", "green", fence(flags, "button"));
    var done = applied(flags.apply(withdrawal));
    ObjectNode root = FlagJson.object(text(path));
    ((ObjectNode) root.path("flags").path("button")).putObject("fallthrough").put("variation", 0);
    write(path, root.toString());

    assertInstanceOf(Outcome.Superseded.class, flags.undo(withdrawal, done.before(), done.fence()));
    var undone = applied(flags.undo(withdrawal, done.before(), fence(flags, "button")));
    JsonNode flag = FlagJson.object(undone.after());
    assertEquals(0, flag.path("fallthrough").path("variation").asInt());
    assertEquals(
        "[{\"variation\":0,\"values\":[\"ann\"]},{\"variation\":1,\"values\":[\"bob\"]}]",
        flag.path("targets").toString());
  }

  @Test
  void aUserMovesFromOneVariationsTargetsToAnothers() {
    var done =
        applied(
            flags.apply(
                withdrawal("button", users("ann"), "blue", "green", fence(flags, "button"))));
    assertEquals(
        "[{\"variation\":0,\"values\":[]},{\"variation\":1,\"values\":[\"bob\",\"ann\"]}]",
        FlagJson.object(done.after()).path("targets").toString());
  }

  @ParameterizedTest
  @CsvSource({
    "unheard-of, true, false, no flag unheard-of",
    "short-cache, blue, false, no variation blue",
    "short-cache, true, blue, no variation blue",
    "short-cache, true, true, as before",
  })
  void refusesWhatIsNotThere(String flag, String from, String to, String why) {
    String fence = flags.read(flag).map(FlagState::fence).orElse("");
    refused(withdrawal(flag, customers("retail"), from, to, fence), why);
  }

  @Test
  void refusesWhatWouldNotTakeAnythingAway() {
    String button = fence(flags, "button");
    refused(withdrawal("button", everyone(), "blue", "green", button), "does not serve green");
    refused(withdrawal("button", users("bob"), "blue", "green", button), "already");
    refused(withdrawal("button", users("bob"), "blue", "grey", button), "another variation");
    refused(
        withdrawal("button", new Audience.Segment("gone"), "blue", "grey", button),
        "no segment gone");
    applied(flags.apply(withdrawal("button", everyone(), "blue", "grey", button)));
    refused(
        withdrawal("button", users("x"), "blue", "grey", fence(flags, "button")), "off already");
    write(path, text(path).replace("\"salt\"", "\"archived\": true, \"salt\""));
    refused(shortCacheOff(customers("retail"), fence(flags, "short-cache")), "archived");
  }

  private void refused(Withdrawal withdrawal, String why) {
    String content = text(path);
    var refused = assertInstanceOf(Outcome.Refused.class, flags.apply(withdrawal));
    assertTrue(refused.why().contains(why), refused.why());
    assertEquals(content, text(path));
  }

  @Test
  void tellsItsOwnChangeFromAPersonsThatLooksTheSame() {
    Withdrawal ours = shortCacheOff(customers("retail"), fence(flags, "short-cache"));
    assertEquals(new FlagSwitch.Landing.Absent(), flags.landed(ours));
    var done = applied(flags.apply(ours));
    assertEquals(
        new FlagSwitch.Landing.Landed(done.fence(), done.before(), done.after()),
        flags.landed(ours));

    Path other = write(folder.resolve("by-hand.json"), text(path));
    assertEquals(new FlagSwitch.Landing.Absent(), Flags.file(other).landed(ours));
  }

  @Test
  void concurrentEditorsLoseNoUpdateInThisProcessOrOthers() throws Exception {
    int threads = 4;
    int each = 10;
    List<Process> others = List.of(editor("p", 2 * each), editor("q", 2 * each));
    List<Callable<Integer>> work = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      String name = "t" + thread;
      work.add(() -> FlagFileEditor.edit(path, name, each));
    }
    int superseded = 0;
    try (var executor = Executors.newFixedThreadPool(threads)) {
      for (Future<Integer> future : executor.invokeAll(work)) {
        superseded += future.get();
      }
    }
    for (Process other : others) {
      String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, other.waitFor(), said);
    }
    JsonNode flag = FlagJson.object(text(path)).path("flags").path("short-cache");
    int edits = threads * each + 2 * 2 * each;
    assertEquals(edits, flag.path("contextTargets").path(0).path("values").size());
    assertEquals(7 + edits, flag.path("version").asInt());
    assertTrue(superseded > 0, "the editors never met, so nothing was tried");
  }

  private Process editor(String name, int customers) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            FlagFileEditor.class.getName(),
            path.toString(),
            name,
            Integer.toString(customers))
        .redirectErrorStream(true)
        .start();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"flags\": {]}          | (line 1, column 12)",
        "{\"flags\": {}} x        | line 1",
        "[]                       | must be a JSON object",
        "{\"segments\": {}}       | no object \"flags\"",
        "{\"flags\": {}, \"flagValues\": {\"a\": 1}} | cannot be targeted",
        "{\"flags\": {\"a\": {\"on\": true}}} | flag \"a\" has no variations",
        "{\"flags\": {\"a\": {}, \"a\": {}}} | Duplicate",
      })
  void anUnusableFileIsNamedInOneLine(String content, String cause) {
    write(path, content);
    var complaint = assertThrows(IllegalArgumentException.class, () -> Flags.file(path));
    String message = String.valueOf(complaint.getMessage());
    assertTrue(message.contains(path.toString()) && message.contains(cause), message);
    assertEquals(1, message.lines().count());
  }

  @Test
  void aMissingFileIsNamed() {
    Path missing = folder.resolve("nowhere.json");
    var complaint = assertThrows(IllegalArgumentException.class, () -> Flags.file(missing));
    assertEquals("flag file " + missing + ": there is no such file", complaint.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Flags.file(folder));
  }

  @Test
  void aFileThatBreaksLaterMakesWritesUnavailableAndIsLeftAlone() {
    Withdrawal withdrawal = shortCacheOff(customers("retail"), fence(flags, "short-cache"));
    write(path, "{\"flags\"");
    assertInstanceOf(Outcome.Unavailable.class, flags.apply(withdrawal));
    assertInstanceOf(FlagSwitch.Landing.Unreachable.class, flags.landed(withdrawal));
    assertEquals("{\"flags\"", text(path));
  }

  @Test
  void keepsPermissionsAndSymbolicLinks() throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-----"));
    Path link = Files.createSymbolicLink(folder.resolve("link.json"), path);
    applied(Flags.file(link).apply(shortCacheOff(everyone(), fence(flags, "short-cache"))));
    assertTrue(Files.isSymbolicLink(link));
    assertFalse(flags.read("short-cache").orElseThrow().on());
    Set<?> permissions = Files.getPosixFilePermissions(path);
    assertEquals(PosixFilePermissions.fromString("rw-r-----"), permissions);
  }

  private static Audience everyone() {
    return new Audience.Everyone();
  }

  private static List<Path> filesIn(Path folder) {
    try (var files = Files.list(folder)) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
