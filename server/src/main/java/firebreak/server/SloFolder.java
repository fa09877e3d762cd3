package firebreak.server;

import firebreak.slo.Objective;
import firebreak.slo.OpenSlo;
import firebreak.slo.SloMonitor;
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

/**
 * The folder of OpenSLO files, followed: a changed file is in force within a round of the patrol.
 */
final class SloFolder {
  private static final Logger LOG = LoggerFactory.getLogger(SloFolder.class);

  private final Path folder;
  private final SloMonitor monitor;
  private Map<Path, FileTime> seen = Map.of();

  SloFolder(Path folder, SloMonitor monitor) {
    this.folder = folder;
    this.monitor = monitor;
  }

  /**
   * Reads the folder for the first time; one that is not there has no objectives.
   *
   * @throws IllegalArgumentException naming the first thing that is wrong, with its file and line
   */
  void load() {
    seen = files();
    OpenSlo.Reading reading = read();
    if (!reading.problems().isEmpty()) {
      throw new IllegalArgumentException(reading.problems().getFirst().toString());
    }
    monitor.follow(reading.objectives());
  }

  /** Reads it again when a file has changed; while one is wrong, what held goes on to hold. */
  void reload() {
    Map<Path, FileTime> now = files();
    if (now.equals(seen)) {
      return;
    }
    seen = now;
    OpenSlo.Reading reading = read();
    if (reading.problems().isEmpty()) {
      monitor.follow(reading.objectives());
      LOG.info("{} objectives are in force from {}", reading.objectives().size(), folder);
    } else {
      reading.problems().forEach(problem -> LOG.warn("{}; nothing is changed", problem));
    }
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
