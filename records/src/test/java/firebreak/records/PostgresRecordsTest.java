package firebreak.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.guard.Incident;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same on a real PostgreSQL, where this machine has one; skipped aloud elsewhere. */
class PostgresRecordsTest extends RecordsContract {
  private static @Nullable Postgres postgres;
  private String url = "";

  @BeforeAll
  static void start() {
    Optional<Postgres> started = Postgres.start();
    Assumptions.assumeTrue(started.isPresent(), "no PostgreSQL on this machine");
    postgres = started.get();
  }

  @AfterAll
  static void stop() {
    if (postgres != null) {
      postgres.close();
    }
  }

  private static Postgres server() {
    if (postgres == null) {
      throw new AssertionError("not started");
    }
    return postgres;
  }

  @BeforeEach
  @Override
  void openThem() {
    url = server().freshDatabase();
    super.openThem();
  }

  @Override
  Records open() {
    return Records.open(url, "", "");
  }

  @Override
  Connection connect() throws SQLException {
    return DriverManager.getConnection(url);
  }

  @Test
  void twoProcessesAppendToOneChain() throws Exception {
    try (Records other = open();
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> running = new ArrayList<>();
      for (Records each : List.of(records, other, records, other)) {
        running.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 25; i++) {
                    each.audit().append(NOW, "guard", "sent", "", "", "{}");
                  }
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
      assertEquals(
          100,
          assertInstanceOf(AuditChain.Verification.Intact.class, other.audit().verify()).count());
    }
  }

  @Test
  void incidentsAreWrittenInTurnAndTheOthersAreRead() {
    try (Records other = open()) {
      assertTrue(records.incidents().isShared());
      Incident incident = new Generator(1).make(Incident.class);
      Incident later =
          new Incident(
              incident.id(),
              incident.state(),
              incident.alert(),
              incident.openedAt(),
              incident.closedAt(),
              0.125,
              incident.explanation(),
              incident.finding(),
              incident.mitigations());
      records.incidents().inTurn(() -> records.incidents().save(incident));
      assertEquals(List.of(incident), other.incidents().incidents());
      other.incidents().inTurn(() -> other.incidents().save(later));
      assertEquals(List.of(later), records.incidents().incidents());
      records
          .incidents()
          .inTurn(
              () ->
                  assertThrows(
                      UncheckedIOException.class, () -> other.incidents().inTurn(() -> {})));
      other.incidents().inTurn(() -> {});
    }
  }

  /**
   * As of a process that is stopped in its turn, for longer than the other takes it to be alive.
   */
  @Test
  void theTurnOfOneThatIsStoppedEndsAndThenItSavesNothingMore() throws Exception {
    Incident incident = new Generator(2).make(Incident.class);
    Database waking = Database.open(new PostgresServer(url, "", "", 1));
    try (waking) {
      records
          .incidents()
          .inTurn(
              () -> {
                await(waking::takeTurn);
                assertThrows(UncheckedIOException.class, () -> records.incidents().save(incident));
              });
      waking.endTurn();
    }
    assertEquals(List.of(), records.incidents().incidents());
    records.incidents().inTurn(() -> records.incidents().save(incident));
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "waited in vain");
    }
  }

  @Test
  void manyProcessesMakeTheTablesOnce() throws Exception {
    String fresh = server().freshDatabase();
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        running.add(threads.submit(() -> Records.open(fresh, "", "").close()));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
  }

  @Test
  void aServerThatComesBackIsUsedAgainAndHasWhatWasWritten() throws IOException {
    records.audit().append(NOW, "guard", "sent", "", "", "{}");
    server().kill();
    assertThrows(
        UncheckedIOException.class,
        () -> records.audit().append(NOW, "guard", "sent", "", "", "{}"));
    server().resume();
    assertEquals(2, records.audit().append(NOW, "guard", "sent", "", "", "{}").sequence());
    assertInstanceOf(AuditChain.Verification.Intact.class, records.audit().verify());
  }

  @Test
  void aPasswordIsInNoMessage() {
    String secret = "jdbc:postgresql://127.0.0.1:1/x?user=a&password=canary";
    Exception failure =
        assertThrows(UncheckedIOException.class, () -> Records.open(secret, "", ""));
    for (Throwable each = failure; each != null; each = each.getCause()) {
      assertFalse(String.valueOf(each.getMessage()).contains("canary"), each.toString());
    }
  }
}
