package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The demo as anybody starts it, with its simulated production in a process of its own. */
@Execution(ExecutionMode.CONCURRENT)
class DemoIT {
  @TempDir Path folder;

  @Test
  void turnsTheRightCustomerOffAndStopsTheBurn() throws Exception {
    try (Child demo = demo("talk")) {
      int code = demo.exitCode(360);

      String story = demo.output();
      assertEquals(0, code, story);
      assertSays(story, "BURN  query-api-fast");
      assertSays(
          story, "build 8812 did it, for customer_id = retail, behind the flag short-cache=true");
      assertSays(story, "ACT   short-cache is off for customer retail;");
      assertSays(story, "GOOD  it helped");
      assertSays(story, "DONE  the right customer was turned off, nobody else");
      assertTrue(
          new Scene(folder)
              .flag("short-cache")
              .contains("{\"contextKind\":\"customer\",\"variation\":1,\"values\":[\"retail\"]}"),
          new Scene(folder).flag("short-cache"));
    }
  }

  @Test
  void turnsNothingInAnOutageThatNoneOfUsMade() throws Exception {
    Path fresh = Files.createDirectory(folder.resolve("fresh"));
    String before = Scene.in(fresh).flag("short-cache");
    try (Child demo = demo("outage")) {
      int code = demo.exitCode(300);

      String story = demo.output();
      assertEquals(1, code, story);
      assertSays(story, "BURN  query-api-fast");
      assertTrue(
          story.contains("none of our changes explains it")
              || story.contains("not enough evidence"),
          story);
      assertSays(story, "nothing was toggled");
      assertFalse(story.contains("ACT   "), story);
      assertFalse(story.contains("WHO   build") || story.contains("WHO   the flag"), story);
      assertEquals(before, new Scene(folder).flag("short-cache"), story);
    }
  }

  private Child demo(String incident) throws Exception {
    return Child.start(
        folder.resolve("story"),
        "demo",
        "--incident",
        incident,
        "--exit",
        "--port",
        "0",
        "--data",
        folder.toString());
  }

  private static void assertSays(String story, String expected) {
    assertTrue(story.contains(expected), () -> "does not say '%s':\n%s".formatted(expected, story));
  }
}
