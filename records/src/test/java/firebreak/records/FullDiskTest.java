package firebreak.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import firebreak.guard.Incident;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When somebody fills the disk in the middle of an act, the act is still written down. */
final class FullDiskTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");

  @TempDir Path folder;
  private boolean isMounted;

  @AfterEach
  void unmount() throws Exception {
    if (isMounted) {
      assertEquals(0, run("umount", folder.toString()));
    }
  }

  private void mount(int megabytes) throws Exception {
    boolean root = "root".equals(System.getProperty("user.name"));
    if (!root) {
      System.out.println("SKIPPED: a disk that is full needs root");
    }
    assumeTrue(root, "needs root");
    String size = "size=%dm".formatted(megabytes);
    isMounted = run("mount", "-t", "tmpfs", "-o", size, "tmpfs", folder.toString()) == 0;
    assumeTrue(isMounted, "needs a mount");
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  private Path filling() {
    return folder.resolve("filling");
  }

  private void fill() throws IOException {
    try (OutputStream out = Files.newOutputStream(filling())) {
      byte[] megabyte = new byte[1 << 20];
      while (true) {
        out.write(megabyte);
      }
    } catch (IOException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("No space left"), e.toString());
    }
  }

  /** As the guard does: the incident, and what it was about to do. */
  private static void write(Records records, long seed) {
    Incident incident = new Generator(seed).make(Incident.class);
    records.incidents().save(incident);
    records.audit().append(NOW, "guard", "intended", incident.id(), "", "{}");
    assertTrue(records.incidents().find(incident.id()).isPresent());
  }

  @Test
  void whatIsUnderWayIsWrittenDown() throws Exception {
    mount(160);
    Path file = folder.resolve("records.db");
    try (Records records = Records.open(file)) {
      write(records, 1);
      fill();
      for (int seed = 2; seed < 300; seed++) {
        write(records, seed);
      }
      assertTrue(Files.size(file.resolveSibling("records.db-wal")) > 1 << 20, "more than fitted");
      Files.delete(filling());
      records.keepRoom();
      assertTrue(Files.exists(folder.resolve("records.db.reserve")), "kept again");
    }
  }

  @Test
  void nothingIsKeptWhereThereIsRoom() {
    try (Records records = Records.open(folder.resolve("records.db"))) {
      records.keepRoom();
      assertFalse(Files.exists(folder.resolve("records.db.reserve")));
    }
  }
}
