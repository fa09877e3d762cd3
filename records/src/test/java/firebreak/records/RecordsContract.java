package firebreak.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.guard.AuditLog.AuditRecord;
import firebreak.guard.Incident;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds of records, whatever database they are in. */
abstract class RecordsContract {
  static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");

  @TempDir Path folder;
  Records records;

  /** Opens the same database each time within a test. */
  abstract Records open();

  /** A connection for doing what somebody with access to the database could do. */
  abstract Connection connect() throws SQLException;

  @BeforeEach
  void openThem() {
    records = open();
  }

  @AfterEach
  void closeThem() {
    records.close();
  }

  void openAgain() {
    records.close();
    records = open();
  }

  @Test
  void incidentsAreReadAsTheyWereWritten() {
    List<Incident> written = new ArrayList<>();
    for (long seed = 1; seed <= 60; seed++) {
      Incident incident = new Generator(seed).make(Incident.class);
      // The guard's ids are hexadecimal.
      if (incident.id().matches("[0-9a-z]+")) {
        records.incidents().save(incident);
        written.removeIf(each -> each.id().equals(incident.id()));
        written.add(incident);
      }
    }
    assertTrue(written.size() > 20, written.size() + " are too few");
    openAgain();
    for (Incident incident : written) {
      assertEquals(Optional.of(incident), records.incidents().find(incident.id()));
    }
    assertEquals(written.size(), records.incidents().incidents().size());
  }

  @Test
  void theAuditChainHoldsOverAStartAndIsWhole() {
    for (int i = 1; i <= 5; i++) {
      AuditRecord one =
          records.audit().append(NOW.plusNanos(i), "guard", "sent", "i", "m", "{\"é\":" + i + "}");
      assertEquals(i, one.sequence());
      openAgain();
    }
    assertEquals(5, records.audit().since(0, 100).size());
    assertEquals(
        5,
        assertInstanceOf(AuditChain.Verification.Intact.class, records.audit().verify()).count());
  }

  @Test
  void theAuditChainCannotBeWrittenOver() throws SQLException {
    records.audit().append(NOW, "guard", "sent", "i", "m", "{}");
    records.audit().append(NOW, "guard", "applied", "i", "m", "{}");
    for (String sql :
        List.of(
            "UPDATE audit SET actor = 'x' WHERE sequence = 1",
            "DELETE FROM audit WHERE sequence = 2",
            "INSERT INTO audit VALUES (9, 0, 0, '', '', '', '', '', '', '')")) {
      try (Connection connection = connect();
          Statement statement = connection.createStatement()) {
        String why =
            String.valueOf(
                assertThrows(SQLException.class, () -> statement.execute(sql)).getMessage());
        assertTrue(why.contains("append-only"), sql + ": " + why);
      }
    }
    assertInstanceOf(AuditChain.Verification.Intact.class, records.audit().verify());
  }

  @Test
  void manyThreadsAppendToOneChain() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        running.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 20; i++) {
                    records.audit().append(NOW, "guard", "sent", "", "", "{}");
                  }
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
    assertEquals(
        80,
        assertInstanceOf(AuditChain.Verification.Intact.class, records.audit().verify()).count());
  }

  private static DerivedColumn column(String id, String dataset, String alias, String expression) {
    return new DerivedColumn(id, dataset, alias, expression, "why", NOW, NOW.plusSeconds(5));
  }

  @Test
  void theColumnsOfADatasetAreThereAgainAfterAStart() {
    DerivedColumn slow = column("1", "api", "slow", "$ms > 5");
    DerivedColumn fast = column("2", "api", "fast", "$ms < 5");
    DerivedColumn upper = column("4", "api", "Upper", "1");
    DerivedColumn other = column("3", "__all__", "slow", "true");
    List.of(slow, fast, upper, other)
        .forEach(each -> assertTrue(records.derivedColumns().save(each)));
    openAgain();
    DerivedColumns columns = records.derivedColumns();
    assertEquals(List.of(upper, fast, slow), columns.of("api"));
    assertEquals(List.of(other), columns.of("__all__"));
    columns.delete("2");
    assertEquals(List.of(upper, slow), columns.of("api"));
    assertEquals(List.of(), columns.of("web"));
  }

  @Test
  void anAliasIsTakenOnceInADatasetAndStaysWithItsColumn() {
    DerivedColumns columns = records.derivedColumns();
    assertTrue(columns.save(column("1", "api", "slow", "1")));
    assertFalse(columns.save(column("2", "api", "slow", "2")));
    assertTrue(columns.save(column("2", "api", "other", "2")));
    assertFalse(columns.save(column("2", "api", "slow", "3")));
    assertTrue(columns.save(column("1", "api", "slow", "4")));
    assertEquals(
        List.of(column("2", "api", "other", "2"), column("1", "api", "slow", "4")),
        columns.of("api"));
  }

  @Test
  void whatPeopleMakeIsKeptInItsOrder() {
    SavedBurnAlert alert =
        new SavedBurnAlert(
            "a1",
            "s1",
            "",
            "budget_rate",
            60,
            1_000,
            List.of(new SavedBurnAlert.Told("r1", "{\"severity\": \"é\"}")),
            null,
            NOW,
            NOW);
    records.slos().save(slo("s2", "second"));
    records.slos().save(slo("s1", "first"));
    records.burnAlerts().save(alert);
    records.burnAlerts().save(alert.triggered(NOW));
    records.recipients().save(new Recipient("r1", "webhook", "{}", NOW, NOW));
    records.queryAnnotations().save(new QueryAnnotation("q", "web", "n", "d", "x", NOW, NOW));
    records.boards().save(new Board("b", "{\"name\": \"B\"}", NOW, NOW));
    records
        .corrections()
        .save(new Correction("c", "s1", NOW, NOW.plusSeconds(9), "me", "drill", NOW));
    records.resets().save(new Reset("s1", NOW, "me", ""));
    records.notebooks().save(new Notebook("n", "{\"title\": \"N\"}", NOW, NOW));
    AskedQuery asked = new AskedQuery("a", "web", "{}", "me", NOW, NOW.plusSeconds(1), 3, 4, 5);
    records.askedQueries().save(asked);
    SavedKey key = new SavedKey("k", "ci", List.of("ingest"), true, "ab", "me", NOW);
    records.keys().save(key);
    records.slos().save(slo("s2", "renamed"));
    openAgain();
    assertEquals(List.of(slo("s2", "renamed"), slo("s1", "first")), records.slos().all());
    assertEquals(List.of(alert.triggered(NOW)), records.burnAlerts().all());
    assertEquals(1, records.recipients().all().size());
    assertEquals("x", records.queryAnnotations().all().getFirst().query());
    assertEquals("{\"name\": \"B\"}", records.boards().find("b").orElseThrow().body());
    assertEquals("drill", records.corrections().all().getFirst().note());
    assertEquals(NOW, records.resets().find("s1").orElseThrow().at());
    assertEquals("{\"title\": \"N\"}", records.notebooks().find("n").orElseThrow().body());
    assertEquals(List.of(asked), records.askedQueries().all());
    assertEquals(List.of(key), records.keys().all());
    records.slos().delete("s2");
    assertEquals(List.of(slo("s1", "first")), records.slos().all());
  }

  private static SavedSlo slo(String id, String name) {
    return new SavedSlo(id, name, "", List.of("web", "api"), "sli", 999_000, 30, NOW, NOW);
  }

  @Test
  void severalChangesAreMadeTogetherOrNotAtAll() {
    assertThrows(
        IllegalStateException.class,
        () ->
            records.together(
                () -> {
                  records.slos().save(slo("s1", "first"));
                  records.outbox().add(List.of(notice("n1", "slack", "i1")), NOW);
                  throw new IllegalStateException("no");
                }));
    assertEquals(List.of(), records.slos().all());
    assertEquals(0, records.outbox().standing().waiting());
    records.slos().save(slo("s1", "first"));
    assertEquals(1, records.slos().all().size());
  }

  private static Notice notice(String id, String destination, String subject) {
    return new Notice(id, destination, subject, "{\"text\": \"" + id + "\"}");
  }

  private List<String> due(Instant now) {
    return records.outbox().destinations().stream()
        .flatMap(name -> records.outbox().due(name, now, 10).stream())
        .map(one -> one.notice().id())
        .sorted()
        .toList();
  }

  @Test
  void noticesGoOutInTheOrderOfTheirSubjectAndOnce() {
    Outbox outbox = records.outbox();
    outbox.add(
        List.of(notice("1", "slack", "i1"), notice("2", "slack", "i1"), notice("3", "slack", "i2")),
        NOW);
    outbox.add(List.of(notice("1", "slack", "i1"), notice("4", "pager", "i1")), NOW);
    assertEquals(List.of("1", "3", "4"), due(NOW));
    assertEquals(List.of(), due(NOW.minusSeconds(1)));
    outbox.failed("1", "connection refused", NOW.plusSeconds(60));
    openAgain();
    outbox = records.outbox();
    assertEquals(List.of("3", "4"), due(NOW), "2 waits for 1");
    assertEquals("connection refused", outbox.standing().lastTrouble());
    outbox.delivered("3");
    outbox.delivered("1");
    assertEquals(List.of("2", "4"), due(NOW));
    outbox.givenUp("2", "404");
    outbox.add(List.of(notice("1", "slack", "i1"), notice("2", "slack", "i1")), NOW);
    assertEquals(List.of("4"), due(NOW), "what was delivered or given up is not told again");
    assertEquals(new Outbox.Standing(1, 2, 1, "404"), outbox.standing());
  }

  @Test
  void anIncidentAndItsNoticesAreOnDiskTogetherOrNotAtAll() {
    Incident incident = new Generator(1).make(Incident.class);
    records.announce(
        (before, after) ->
            List.of(notice(after.id() + (before == null ? "/new" : "/known"), "slack", after.id())),
        InstantSource.fixed(NOW));
    records.incidents().save(incident);
    records.incidents().save(incident);
    assertEquals(2, records.outbox().standing().waiting());
    records.announce(
        (before, after) -> {
          throw new IllegalStateException("a mistake in what to tell");
        },
        InstantSource.fixed(NOW));
    Incident other = new Generator(2).make(Incident.class);
    assertThrows(IllegalStateException.class, () -> records.incidents().save(other));
    assertEquals(1, records.incidents().incidents().size());
  }

  @Test
  void aBackupIsAFileThatHoldsEverything() {
    for (int i = 0; i < 600; i++) {
      records.audit().append(NOW, "guard", "sent", "", "", "{}");
    }
    records.slos().save(slo("s1", "first"));
    records.outbox().add(List.of(notice("1", "slack", "i1")), NOW);
    Path copy = folder.resolve("copy.db");
    records.backup(copy);
    assertThrows(IllegalArgumentException.class, () -> records.backup(copy));
    try (Records copied = Records.open(copy)) {
      assertEquals(records.audit().head(), copied.audit().head());
      assertEquals(records.slos().all(), copied.slos().all());
      assertEquals(1, copied.outbox().standing().waiting());
      assertInstanceOf(AuditChain.Verification.Intact.class, copied.audit().verify());
      copied.audit().append(NOW, "", "", "", "", "");
    }
  }

  @Test
  void tablesOfANewerVersionAreLeftAlone() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO schema (version) VALUES (99)");
    }
    records.close();
    String why =
        String.valueOf(assertThrows(DatabaseTooNewException.class, this::open).getMessage());
    assertTrue(why.contains("schema 99"), why);
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM schema WHERE version = 99");
    }
    records = open();
  }

  @Test
  void anErrorInTheDatabaseLeavesTheConnectionUsable() {
    records.slos().save(slo("s1", "first"));
    assertThrows(
        UncheckedIOException.class,
        () ->
            records.together(
                () -> {
                  records.slos().delete("s1");
                  failInTheDatabase();
                }));
    records.slos().save(slo("s2", "second"));
    assertEquals(2, records.slos().all().size());
  }

  private void failInTheDatabase() {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT nothing FROM nowhere");
    } catch (SQLException e) {
      throw Database.trouble("test", e);
    }
  }
}
