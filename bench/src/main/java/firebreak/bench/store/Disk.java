package firebreak.bench.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Room for the stores while they are measured. */
final class Disk {
  private static final long GIB = 1L << 30;
  private static final long RESERVE = 2 * GIB;
  private static final long JSON_BYTES = 1_250;
  private static final long OPEN_SEARCH_BYTES = JSON_BYTES + 1_500;
  static final long OWN_BYTES = 300;

  private Disk() {}

  /** Refuses a run that would fill the disk. */
  static void check(Settings settings) throws IOException {
    check(settings.folder(), needed(settings));
  }

  static void check(Path folder, long bytes) throws IOException {
    long needed = bytes + RESERVE;
    long free = Files.getFileStore(folder).getUsableSpace();
    if (free < needed) {
      throw new IOException(
          """
          this takes about %d GiB in %s, and %d are free: \
          ask for fewer events or peers, or choose another --folder"""
              .formatted(needed / GIB, folder, free / GIB));
    }
  }

  /** Bytes that the events and the stores take together, on the generous side. */
  private static long needed(Settings settings) {
    long perEvent = JSON_BYTES + OWN_BYTES;
    long needed = 0;
    for (String peer : settings.peers()) {
      switch (peer) {
        case "duckdb", "duckdb_tuned" -> perEvent += 300;
        case "clickhouse" -> perEvent += 600;
        case "opensearch" ->
            needed += OPEN_SEARCH_BYTES * Math.min(settings.openSearchEvents(), settings.events());
        default -> throw new IllegalArgumentException("there is no peer " + peer);
      }
    }
    return needed + perEvent * settings.events();
  }
}
