package firebreak.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlagFileEditTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HALF =
      "{\"version\": 3, \"on\": true, \"fallthrough\": {\"variation\": 0}, \"contextTargets\": []}";
  private static final String NOBODY =
      "{\"version\": 4, \"on\": true, \"fallthrough\": {\"variation\": 1}, \"contextTargets\": []}";

  @TempDir Path folder;

  private Path file(String flags) throws IOException {
    return Files.writeString(folder.resolve("flags.json"), "{\"flags\": " + flags + "}");
  }

  private static JsonNode flags(Path file) throws IOException {
    return JSON.readTree(file.toFile()).path("flags");
  }

  @Test
  void putsFlagsInThePlaceOfThoseOfTheProductionBefore() throws IOException {
    Path file = file("{\"theirs\": {\"version\": 1}}");
    FlagFileEdit.put(file, Map.of("one", HALF, "two", HALF));
    FlagFileEdit.put(file, Map.of("two", NOBODY));
    assertEquals(2, flags(file).size(), flags(file).toString());
    assertEquals("{\"version\":1}", flags(file).path("theirs").toString());
    assertEquals(4, flags(file).path("two").path("version").asInt());
  }

  @Test
  void leavesAFlagOfSomebodyElsesAlone() throws IOException {
    Path file = file("{\"two\": {\"version\": 1}}");
    String before = Files.readString(file);
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> FlagFileEdit.put(file, Map.of("one", HALF, "two", HALF)));
    assertTrue(String.valueOf(refused.getMessage()).contains("the flag two"), refused.toString());
    assertEquals(before, Files.readString(file));
  }

  /** What the guard has turned off stays off when the rollout goes on. */
  @Test
  void changesWhatDiffersAndNothingElse() throws IOException {
    Path file = file("{}");
    FlagFileEdit.put(file, Map.of("one", HALF));
    String turned =
        Files.readString(file)
            .replace(
                "\"contextTargets\" : [ ]", "\"contextTargets\": [{\"values\": [\"retail\"]}]");
    Files.writeString(file, turned);
    String changed = FlagFileEdit.change(file, "one", HALF, NOBODY);
    assertEquals(1, flags(file).at("/one/fallthrough/variation").asInt());
    assertEquals("retail", flags(file).at("/one/contextTargets/0/values/0").asText());
    assertEquals(flags(file).path("one").toString(), changed);
    assertNull(FlagFileEdit.change(file, "gone", HALF, NOBODY));
  }

  @Test
  void saysWhatIsNoFlagFile() throws IOException {
    Path file = Files.writeString(folder.resolve("flags.json"), "[]");
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> FlagFileEdit.put(file, Map.of()));
    assertTrue(String.valueOf(refused.getMessage()).contains("no flag file"), refused.toString());
  }
}
