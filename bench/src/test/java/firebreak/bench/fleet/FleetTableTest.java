package firebreak.bench.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.sim.fleet.Kind;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetTableTest {
  private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());

  private static Map<String, Figure> figures(Path folder, int threads) throws Exception {
    Map<String, Figure> figures = new TreeMap<>();
    FleetTable.run(
            new Options(
                List.of(Kind.ALREADY_FIXED, Kind.BUILD_WITH_INNOCENT_FLAG),
                3,
                1,
                2,
                threads,
                null,
                folder.resolve("cases"),
                folder.resolve("plot.svg"),
                "a test"),
            NOWHERE,
            NOWHERE)
        .forEach(figure -> figures.put(figure.name(), figure));
    figures.keySet().removeIf(name -> name.startsWith("ms "));
    return figures;
  }

  private static Figure figure(Map<String, Figure> figures, String name) {
    return Objects.requireNonNull(figures.get(name), () -> "among " + figures.keySet());
  }

  @Test
  void aSeedGivesTheSameFiguresOnAnyNumberOfThreads(@TempDir Path folder) throws Exception {
    Map<String, Figure> figures = figures(folder, 1);
    assertEquals(figures, figures(folder, 2));
    assertEquals(1, figure(figures, "alerted").value());
    assertEquals(0, figure(figures, "quiet hours with an alert").value());
    assertEquals(2, figure(figures, "right verdict").others().size());
    assertTrue(Files.readString(folder.resolve("plot.svg")).startsWith("<svg"));
    assertTrue(Files.readString(folder.resolve("cases")).contains("ALREADY_FIXED 3"));
  }
}
