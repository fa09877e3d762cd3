package firebreak.server;

import firebreak.slo.Objective;
import firebreak.slo.OpenSlo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The objectives of the folder of OpenSLO files, as it is or was when last all was well in it. */
final class SloFolder {
  private static final Logger LOG = LoggerFactory.getLogger(SloFolder.class);

  private final Path folder;
  private Map<Path, FileTime> seen = Map.of();
  private List<Objective> objectives = List.of();

  SloFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Reads the folder for the first time; one that is not there has no objectives.
   *
   * @throws IllegalArgumentException naming the first thing that is wrong, with its file and line
   */
  List<Objective> load() {
    seen = files();
    OpenSlo.Reading reading = read();
    if (!reading.problems().isEmpty()) {
      throw new IllegalArgumentException(reading.problems().getFirst().toString());
    }
    objectives = reading.objectives();
    return objectives;
  }

  /** Reads it again when a file has changed; while one is wrong, what held goes on to hold. */
  List<Objective> reload() {
    Map<Path, FileTime> now = files();
    if (now.equals(seen)) {
      return objectives;
    }
    seen = now;
    OpenSlo.Reading reading = read();
    if (reading.problems().isEmpty()) {
      objectives = reading.objectives();
      LOG.info("{} objectives are in force from {}", objectives.size(), folder);
    } else {
      reading.problems().forEach(problem -> LOG.warn("{}; nothing is changed", problem));
    }
    return objectives;
  }

  private OpenSlo.Reading read() {
    return Files.isDirectory(folder)
        ? OpenSlo.read(folder)
        : new OpenSlo.Reading(List.<Objective>of(), List.of());
  }

  private Map<Path, FileTime> files() {
    Map<Path, FileTime> files = new TreeMap<>();
    if (!Files.isDirectory(folder)) {
      return files;
    }
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path file : found.filter(Files::isRegularFile).toList()) {
        files.put(file, Files.getLastModifiedTime(file));
      }
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the folder " + folder, e);
    }
  }
}
