package firebreak.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordsTest {
  @TempDir Path folder;

  @Test
  void aFileIsOpenOnce() {
    Path file = folder.resolve("below/records.db");
    try (Records first = Records.open(file)) {
      String message =
          String.valueOf(
              assertThrows(DatabaseLockedException.class, () -> Records.open(file)).getMessage());
      assertTrue(message.contains("open already") && message.contains("records.db"), message);
      first.audit().append(Instant.EPOCH, "", "", "", "", "");
    }
    try (Records again = Records.open(file)) {
      assertEquals(1, again.audit().since(0, 10).size());
    }
  }

  @Test
  void aFileOfANewerVersionIsLeftAlone() throws Exception {
    Path file = folder.resolve("records.db");
    Records.open(file).close();
    execute(file, "INSERT INTO schema (version) VALUES (99)");
    assertTrue(
        String.valueOf(
                assertThrows(DatabaseTooNewException.class, () -> Records.open(file)).getMessage())
            .contains("schema 99"));
    // It does not stay locked.
    assertThrows(DatabaseTooNewException.class, () -> Records.open(file));
  }

  @Test
  void anEmptyOldFileGetsTheTablesAndEachStepOnce() throws Exception {
    Path file = folder.resolve("records.db");
    execute(file, "CREATE TABLE schema (version INTEGER NOT NULL) STRICT");
    Records.open(file).close();
    Records.open(file).close();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT count(*), max(version), count(*) FROM schema")) {
      assertEquals(Schema.STEPS.size(), rows.getInt(1));
      assertEquals(Schema.STEPS.size(), rows.getInt(2));
    }
  }

  @Test
  void aStepThatFailsLeavesNothingBehind() throws Exception {
    Path file = folder.resolve("records.db");
    execute(file, "CREATE TABLE audit (something INTEGER)");
    assertThrows(UncheckedIOException.class, () -> Records.open(file));
    execute(file, "DROP TABLE audit");
    Records.open(file).close();
  }

  @Test
  void writesAreForcedToDisk() throws Exception {
    Path file = folder.resolve("records.db");
    try (Database database = Database.open(file)) {
      assertEquals(2, database.first(row -> row.getInt(1), "PRAGMA synchronous").orElseThrow());
      assertEquals(
          "wal", database.first(row -> row.getString(1), "PRAGMA journal_mode").orElseThrow());
    }
  }

  @Test
  void aFileThatIsNoDatabaseIsRefused() throws Exception {
    Path file = folder.resolve("records.db");
    Files.writeString(file, "this is not a database, but a long enough text ".repeat(50));
    assertThrows(UncheckedIOException.class, () -> Records.open(file));
  }

  @Test
  void manyThreadsWriteOneChain() throws Exception {
    try (Records records = Records.open(folder.resolve("records.db"));
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        String actor = "actor " + thread;
        running.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 25; i++) {
                    records.audit().append(Instant.EPOCH, actor, "", "", "", "{}");
                  }
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
      AuditChain.Verification verification = records.audit().verify();
      assertEquals(
          100, assertInstanceOf(AuditChain.Verification.Intact.class, verification).count());
    }
  }

  private static void execute(Path file, String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
