package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page that walks from nothing to the verdict: its commands, run as they stand there. */
class WalkThroughIT {
  private static final Path PAGE = TidyTest.ROOT.resolve("docs/walk-through.md");
  private static final String END_OF_STEP = "--- end of step ---";
  private static final int SECONDS = 120;

  @TempDir Path folder;

  /**
   * Commands, and what the page says they print.
   *
   * @param line where they stand
   */
  private record Step(int line, List<String> commands, List<String> printed) {}

  @Test
  void itsCommandsPrintWhatItSays() throws Exception {
    Skip.unlessThereAre("bash", "curl", "openssl", "jq");
    List<Step> steps = steps(Files.readAllLines(PAGE));
    assertTrue(steps.size() > 10, steps.toString());
    Path script = folder.resolve("commands.sh");
    Files.writeString(script, "trap 'kill $(jobs -p) 2>/dev/null' EXIT\n" + script(steps));

    String output;
    try (Child bash = Child.start(folder.resolve("output"), program(script))) {
      bash.exitCode(SECONDS);
      output = bash.output();
    }

    List<String> printed = List.of(output.split(Pattern.quote(END_OF_STEP) + "\n", -1));
    assertEquals(steps.size() + 1, printed.size(), output);
    for (int i = 0; i < steps.size(); i++) {
      check(steps.get(i), printed.get(i), output);
    }
  }

  private static void check(Step step, String printed, String all) {
    String expected =
        step.printed().stream()
            .map(line -> Pattern.quote(line).replace("…", "\\E.*\\Q") + "\n")
            .collect(Collectors.joining());
    assertTrue(
        printed.matches(expected),
        () ->
            "the commands at line %d printed\n%s\nnot\n%s\nof all this\n%s"
                .formatted(step.line(), printed, String.join("\n", step.printed()), all));
  }

  private static String script(List<Step> steps) {
    return steps.stream()
        .map(step -> String.join("\n", step.commands()) + "\necho '" + END_OF_STEP + "'\n")
        .collect(Collectors.joining());
  }

  /** Bash in an empty folder, with the launcher on its path and a free port. */
  private ProcessBuilder program(Path script) throws IOException {
    Path launcher = Files.createDirectories(folder.resolve("bin")).resolve("firebreak");
    String command =
        Child.OURS.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    Files.writeString(launcher, "#!/bin/sh\nexec " + command + " \"$@\"\n");
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    ProcessBuilder program = new ProcessBuilder("bash", script.toString());
    program.directory(Files.createDirectories(folder.resolve("empty")).toFile());
    program.environment().put("PORT", Integer.toString(KillIT.freePort()));
    program.environment().merge("PATH", "", (path, _) -> launcher.getParent() + ":" + path);
    return program;
  }

  /** The blocks of commands, each with the block of what it prints, if one follows. */
  private static List<Step> steps(List<String> page) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < page.size(); i++) {
      switch (page.get(i)) {
        case "```sh" -> steps.add(new Step(i + 1, block(page, i), new ArrayList<>()));
        case "```text" -> steps.getLast().printed().addAll(block(page, i));
        default -> {}
      }
    }
    return steps;
  }

  private static List<String> block(List<String> page, int fence) {
    List<String> rest = page.subList(fence + 1, page.size());
    return rest.subList(0, rest.indexOf("```"));
  }
}
