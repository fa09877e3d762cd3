package firebreak.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.guard.AuditLog.AuditRecord;
import firebreak.records.AuditChain.Verification;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditChainTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00.123456789Z");
  private static final int COUNT = 12;

  @TempDir Path folder;
  private Path file = Path.of("");
  private String head = "";

  @BeforeEach
  void writeTwelve() {
    file = folder.resolve("records.db");
    try (Records records = Records.open(file)) {
      for (int i = 1; i <= COUNT; i++) {
        AuditRecord written =
            records
                .audit()
                .append(NOW.plusSeconds(i), "guard", "intended", "i" + i, "", "{\"n\":" + i + "}");
        assertEquals(i, written.sequence());
        assertEquals(written.hash(), records.audit().head());
        head = written.hash();
      }
    }
  }

  private Verification verify() {
    try (Records records = Records.open(file)) {
      return records.audit().verify();
    }
  }

  /** Does to the file what somebody with access to it could do. */
  private void tamper(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TRIGGER audit_is_never_updated");
      statement.execute("DROP TRIGGER audit_is_never_deleted_from");
      statement.execute("DROP TRIGGER audit_has_no_gap");
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  private void isFoundBroken(long sequence, String... statements) throws SQLException {
    tamper(statements);
    Verification.Broken broken = assertInstanceOf(Verification.Broken.class, verify());
    assertEquals(sequence, broken.sequence(), broken.why());
  }

  @Test
  void anUntouchedChainIsIntact() {
    assertEquals(new Verification.Intact(COUNT, head), verify());
  }

  @Test
  void anEmptyChainIsIntactAndItsHeadIsZeros() {
    try (Records records = Records.open(folder.resolve("empty.db"))) {
      assertEquals("0".repeat(64), records.audit().head());
      assertEquals(new Verification.Intact(0, "0".repeat(64)), records.audit().verify());
    }
  }

  @Test
  void readsBackWhatWasWritten() {
    try (Records records = Records.open(file)) {
      List<AuditRecord> read = records.audit().since(10, 5);
      assertEquals(List.of(11L, 12L), read.stream().map(AuditRecord::sequence).toList());
      assertEquals(NOW.plusSeconds(11), read.getFirst().time());
      assertEquals("{\"n\":11}", read.getFirst().body());
      assertEquals(read.get(0).hash(), read.get(1).previousHash());
      assertEquals(1, records.audit().since(0, 1).size());
    }
  }

  @Test
  void oddTextKeepsTheChain() {
    try (Records records = Records.open(file)) {
      String[] texts = {"", "\u0000a\u0000", "\ud83d\ude00", "\ud83d", "é\r\n"};
      for (String text : texts) {
        records.audit().append(NOW, text, text, text, text, text);
      }
      assertInstanceOf(Verification.Intact.class, records.audit().verify());
      assertEquals("\u0000a\u0000", records.audit().since(COUNT + 1, 1).getFirst().body());
    }
  }

  @Test
  void aBitFlippedInAnyColumnIsFound() throws SQLException {
    String[] columns = {"actor", "kind", "incident", "mitigation", "body", "hash", "previous_hash"};
    for (String column : columns) {
      tamperAndRestore(
          "UPDATE audit SET " + column + " = 'x' || " + column + " WHERE sequence = 5");
    }
    tamperAndRestore("UPDATE audit SET second = second + 1 WHERE sequence = 5");
    tamperAndRestore("UPDATE audit SET nano = nano + 1 WHERE sequence = 5");
  }

  private void tamperAndRestore(String statement) throws SQLException {
    setUpAgain();
    isFoundBroken(5, statement);
  }

  private void setUpAgain() {
    for (String name : new String[] {"records.db", "records.db-wal", "records.db-shm"}) {
      assertTrue(!folder.resolve(name).toFile().exists() || folder.resolve(name).toFile().delete());
    }
    writeTwelve();
  }

  @Test
  void aRecordForgedTogetherWithItsHashIsFoundByTheNextOne() throws SQLException {
    AuditRecord fifth;
    try (Records records = Records.open(file)) {
      fifth = records.audit().since(4, 1).getFirst();
    }
    AuditRecord forged =
        new AuditRecord(
            fifth.sequence(),
            fifth.time(),
            "nobody",
            fifth.kind(),
            fifth.incident(),
            fifth.mitigation(),
            fifth.body(),
            "",
            fifth.previousHash());
    isFoundBroken(
        6,
        "UPDATE audit SET actor = 'nobody', hash = '%s' WHERE sequence = 5"
            .formatted(AuditChain.hash(forged)));
  }

  @Test
  void textMovedFromOneColumnToTheNextIsFound() throws SQLException {
    isFoundBroken(4, "UPDATE audit SET kind = 'intend', incident = 'edi4' WHERE sequence = 4");
  }

  @Test
  void aDeletedRecordIsFound() throws SQLException {
    isFoundBroken(1, "DELETE FROM audit WHERE sequence = 1");
    setUpAgain();
    isFoundBroken(7, "DELETE FROM audit WHERE sequence = 7");
    setUpAgain();
    isFoundBroken(
        7,
        "DELETE FROM audit WHERE sequence = 7",
        "UPDATE audit SET sequence = sequence - 1 WHERE sequence > 7");
  }

  @Test
  void anInsertedRecordIsFound() throws SQLException {
    isFoundBroken(
        COUNT + 1,
        "INSERT INTO audit SELECT 13, second, nano, actor, kind, incident, mitigation, body,"
            + " hash, previous_hash FROM audit WHERE sequence = 12");
    setUpAgain();
    isFoundBroken(
        6,
        "UPDATE audit SET sequence = -sequence WHERE sequence >= 6",
        "UPDATE audit SET sequence = 1 - sequence WHERE sequence < 0",
        "INSERT INTO audit SELECT 6, second, nano, actor, kind, incident, mitigation, body,"
            + " hash, previous_hash FROM audit WHERE sequence = 5");
    setUpAgain();
    isFoundBroken(
        1,
        "INSERT INTO audit SELECT -3, second, nano, actor, kind, incident, mitigation, body,"
            + " hash, previous_hash FROM audit WHERE sequence = 5");
  }

  @Test
  void recordsInAnotherOrderAreFound() throws SQLException {
    isFoundBroken(
        3,
        "UPDATE audit SET sequence = 100 WHERE sequence = 3",
        "UPDATE audit SET sequence = 3 WHERE sequence = 4",
        "UPDATE audit SET sequence = 4 WHERE sequence = 100");
  }

  @Test
  void aShortenedChainIsFoundAgainstARememberedHead() throws SQLException {
    tamper("DELETE FROM audit WHERE sequence > 9");
    assertInstanceOf(Verification.Intact.class, verify());
    try (Records records = Records.open(file)) {
      Verification remembered = records.audit().verify(COUNT, head);
      assertEquals(10, assertInstanceOf(Verification.Broken.class, remembered).sequence());
      // Filled up again, it is as long as it was, and still another chain.
      for (int i = 0; i < 5; i++) {
        records.audit().append(NOW, "guard", "intended", "", "", "{}");
      }
      assertInstanceOf(Verification.Intact.class, records.audit().verify());
      Verification refilled = records.audit().verify(COUNT, head);
      assertEquals(COUNT, assertInstanceOf(Verification.Broken.class, refilled).sequence());
    }
  }

  @Test
  void aLongerChainContainsTheRememberedOne() {
    try (Records records = Records.open(file)) {
      records.audit().append(NOW, "guard", "applied", "i1", "", "{}");
      Verification verification = records.audit().verify(COUNT, head);
      assertEquals(COUNT + 1, assertInstanceOf(Verification.Intact.class, verification).count());
    }
  }

  @Test
  void theDatabaseItselfRefusesChanges() throws SQLException {
    String[] refused = {
      "UPDATE audit SET body = '' WHERE sequence = 2",
      "DELETE FROM audit",
      "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE sequence = 2",
      "INSERT INTO audit SELECT 20, second, nano, actor, kind, incident, mitigation, body, hash,"
          + " previous_hash FROM audit WHERE sequence = 2"
    };
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String each : refused) {
        SQLException thrown = assertThrows(SQLException.class, () -> statement.execute(each), each);
        assertTrue(String.valueOf(thrown.getMessage()).contains("append-only"), each);
      }
    }
    assertEquals(new Verification.Intact(COUNT, head), verify());
  }
}
