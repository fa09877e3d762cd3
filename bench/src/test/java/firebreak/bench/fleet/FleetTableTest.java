package firebreak.bench.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.sim.fleet.Kind;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetTableTest {
  private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());

  private static JsonNode figures(Path folder, int threads) throws Exception {
    Path json = folder.resolve(threads + ".json");
    FleetTable.run(
        new Options(
            List.of(Kind.ALREADY_FIXED, Kind.BUILD_WITH_INNOCENT_FLAG),
            3,
            1,
            2,
            threads,
            json,
            folder.resolve("cases"),
            folder.resolve("plot.svg"),
            "a test"),
        NOWHERE,
        NOWHERE);
    ObjectNode figures = (ObjectNode) new ObjectMapper().readTree(Files.readString(json));
    figures.remove(List.of("seconds", "decision_ms"));
    return figures;
  }

  @Test
  void aSeedGivesTheSameFiguresOnAnyNumberOfThreads(@TempDir Path folder) throws Exception {
    JsonNode figures = figures(folder, 1);
    assertEquals(figures, figures(folder, 2));
    assertEquals(2, figures.path("shares").path("alerted").path("of").asInt());
    assertEquals(2, figures.path("shares").path("quiet hours with an alert").path("of").asInt());
    assertTrue(Files.readString(folder.resolve("plot.svg")).startsWith("<svg"));
    assertTrue(Files.readString(folder.resolve("cases")).contains("ALREADY_FIXED 3"));
  }
}
