package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.PersistentEventStore;
import firebreak.eventstore.StoreSettings;
import firebreak.records.AuditChain;
import firebreak.records.Records;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder that holds all that a data folder held at one moment: the events, the records, and
 * whether all acting was stopped. Its list of contents is written last, so that a backup that was
 * not finished is none.
 */
final class Backup {
  static final String EVENTS = "events";
  static final String RECORDS = "records.db";
  private static final String CONTENTS = "backup.json";
  private static final int FORMAT = 1;

  private Backup() {}

  /** Makes a backup in a folder that is empty or not there yet, while both go on being written. */
  static ObjectNode make(
      PersistentEventStore store, Records records, Path data, Path target, Instant now) {
    try {
      if (!isEmpty(target) || isInside(target, data.resolve(EVENTS))) {
        throw new IllegalArgumentException(
            target + " is not empty or not outside the data; a backup has a folder of its own");
      }
      Files.createDirectories(target);
      store.snapshot(target.resolve(EVENTS));
      records.backup(target.resolve(RECORDS));
      if (Files.exists(data.resolve(StopFile.NAME))) {
        copy(data.resolve(StopFile.NAME), target.resolve(StopFile.NAME));
      }
      ObjectNode contents = JsonTree.object();
      contents.put("format", FORMAT);
      contents.set("made_at", JsonTree.time(now));
      contents.put("events", store.datasets().values().stream().mapToLong(Long::longValue).sum());
      Path list = target.resolve(CONTENTS);
      Files.writeString(list, contents.toPrettyString() + "\n");
      force(list);
      force(target);
      return contents;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a backup in " + target, e);
    }
  }

  /**
   * Makes a data folder of a backup. It gets its name only when all of it is there and has been
   * verified.
   *
   * @throws IllegalArgumentException if there is no whole backup, or something where it is to go
   */
  static ObjectNode restore(Path source, Path data) {
    Path target = data.toAbsolutePath().normalize();
    try {
      ObjectNode contents = contents(source);
      if (!isEmpty(target)) {
        throw new IllegalArgumentException(
            target + " is not empty, and a restore overwrites nothing; name a new folder");
      }
      Path parent = target.getParent();
      if (parent == null) {
        throw new IllegalArgumentException(target + " cannot be a data folder");
      }
      Files.createDirectories(parent);
      Path fresh = Files.createTempDirectory(parent, target.getFileName() + ".restoring-");
      try {
        copyAll(source, fresh);
        verify(fresh);
        Files.deleteIfExists(target);
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        force(parent);
      } finally {
        deleteAll(fresh);
      }
      return contents;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot restore " + source + " to " + data, e);
    }
  }

  private static ObjectNode contents(Path source) throws IOException {
    Path list = source.resolve(CONTENTS);
    if (!Files.exists(list)) {
      throw new IllegalArgumentException(
          "%s is no backup, or one that was not finished: it has no %s"
              .formatted(source, CONTENTS));
    }
    JsonNode contents = Json.MAPPER.readTree(Files.readString(list));
    if (contents.path("format").asInt() != FORMAT) {
      throw new IllegalArgumentException(
          "%s is a backup of format %s; this Firebreak reads format %d"
              .formatted(source, contents.path("format"), FORMAT));
    }
    return (ObjectNode) contents;
  }

  private static void verify(Path data) {
    try (PersistentEventStore store = open(data);
        Records records = Records.open(data.resolve(RECORDS))) {
      List<String> damaged = store.scrub();
      if (!damaged.isEmpty()) {
        throw new IllegalArgumentException("the backup is damaged: " + String.join(" ", damaged));
      }
      if (records.audit().verify() instanceof AuditChain.Verification.Broken broken) {
        throw new IllegalArgumentException(
            "the backup's audit record is broken at record %d, which %s"
                .formatted(broken.sequence(), broken.why()));
      }
    }
  }

  /** The events of a data folder that no service has open, verified as fast as the disk can. */
  static PersistentEventStore open(Path data) {
    return EventStore.open(
        data.resolve(EVENTS), StoreSettings.defaults().withScrubBytesPerSecond(Long.MAX_VALUE));
  }

  private static boolean isInside(Path path, Path folder) {
    return path.toAbsolutePath().normalize().startsWith(folder.toAbsolutePath().normalize());
  }

  private static boolean isEmpty(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return true;
    }
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> present = Files.list(folder)) {
      return present.findAny().isEmpty();
    }
  }

  private static void copyAll(Path source, Path target) throws IOException {
    Files.walkFileTree(
        source,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(target.resolve(source.relativize(folder)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!file.equals(source.resolve(CONTENTS))) {
              copy(file, target.resolve(source.relativize(file)));
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to);
    force(to);
  }

  /** Makes a file's contents, or the names in a folder, durable. */
  private static void force(Path path) throws IOException {
    boolean isFolder = Files.isDirectory(path);
    try (FileChannel channel =
        FileChannel.open(path, isFolder ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static void deleteAll(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
