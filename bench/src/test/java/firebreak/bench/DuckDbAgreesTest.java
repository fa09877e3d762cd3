package firebreak.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.PersistentEventStore;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult;
import firebreak.eventstore.QueryResult.Cell;
import firebreak.eventstore.QueryResult.Row;
import firebreak.eventstore.StoreSettings;
import firebreak.eventstore.Value;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both event stores and DuckDB give the same answers to questions that all can be asked. */
@Timeout(120)
final class DuckDbAgreesTest {
  private static final int ROUNDS = 4;
  private static final int EVENTS = 800;
  private static final int QUESTIONS = 15;

  /** So small that each question concerns parts that were written, parts that were merged, rows. */
  private static final StoreSettings SMALL_PARTS =
      StoreSettings.defaults()
          .withSealRows(100)
          .withMerging(3, 700)
          .withJournalFileBytes(20_000)
          .withCheckInterval(Duration.ofMillis(20));

  @TempDir Path folder;

  static LongStream onRandomQuestions() {
    long first = Long.getLong("firebreak.seed", 1);
    return LongStream.range(first, first + Integer.getInteger("firebreak.seeds", 8));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource
  void onRandomQuestions(long seed) throws Exception {
    SqlQuestions random = new SqlQuestions(seed);
    PersistentEventStore disk = EventStore.open(folder, SMALL_PARTS);
    try (EventStore memory = EventStore.inMemory();
        Connection duckDb = DriverManager.getConnection("jdbc:duckdb:")) {
      create(duckDb);
      for (int round = 0; round < ROUNDS; round++) {
        for (List<Event> batch : random.batches(EVENTS)) {
          memory.append("events", batch);
          disk.append("events", batch);
          load(duckDb, batch);
        }
        if (round % 2 == 1) {
          disk.close();
          disk = EventStore.open(folder, SMALL_PARTS);
        }
        awaitParts(disk);
        for (int i = 0; i < QUESTIONS; i++) {
          Query query = random.query();
          String which = "seed %d, round %d, question %d, ".formatted(seed, round, i);
          compare(query, memory, duckDb, which + "in memory: ");
          compare(query, disk, duckDb, which + "on disk: ");
        }
      }
    } finally {
      disk.close();
    }
  }

  /** Returns when there are several parts, of which some may still be merged meanwhile. */
  private static void awaitParts(PersistentEventStore store) throws InterruptedException {
    while (store.status().parts() < 2) {
      Thread.sleep(5);
    }
  }

  private static void create(Connection duckDb) throws SQLException {
    List<String> columns = new ArrayList<>(List.of("time BIGINT"));
    SqlQuestions.COLUMNS.forEach((name, type) -> columns.add(name + " " + type));
    try (Statement statement = duckDb.createStatement()) {
      statement.execute("CREATE TABLE events (%s)".formatted(String.join(", ", columns)));
    }
  }

  private static void load(Connection duckDb, List<Event> events) throws SQLException {
    duckDb.setAutoCommit(false);
    try (PreparedStatement insert =
        duckDb.prepareStatement("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)")) {
      for (Event event : events) {
        insert.setLong(1, Sql.nanos(event.time()));
        int at = 2;
        for (String column : SqlQuestions.COLUMNS.keySet()) {
          insert.setObject(at++, plain(event.field(column)));
        }
        insert.addBatch();
      }
      insert.executeBatch();
    }
    duckDb.setAutoCommit(true);
  }

  private static @Nullable Object plain(@Nullable Value value) {
    return switch (value) {
      case null -> null;
      case Value.Text text -> text.text();
      case Value.Whole whole -> whole.number();
      case Value.Real real -> real.number();
      case Value.Truth truth -> truth.truth();
    };
  }

  private static void compare(Query query, EventStore store, Connection duckDb, String which)
      throws SQLException {
    Sql sql = new Sql(query);
    QueryResult result = store.query(query);
    int keys = query.breakdowns().size();
    List<Answer> rows = ask(duckDb, sql.rows(), keys);
    assertEquals(
        rows,
        result.rows().stream().map(row -> new Answer(row.group(), row.cells())).toList(),
        () -> which + sql.rows());
    assertEquals(
        ask(duckDb, sql.total(query.range()), 0).getFirst().cells(),
        result.total().cells(),
        () -> which + sql.total(query.range()));
    if (!query.comparisonOffset().isZero()) {
      Map<List<@Nullable Value>, List<Cell>> earlier = new LinkedHashMap<>();
      for (Answer answer : ask(duckDb, sql.groups(query.earlierRange()), keys)) {
        earlier.put(answer.group(), answer.cells());
      }
      for (Row row : result.rows()) {
        List<Cell> compared = earlier.get(row.group());
        if (compared != null) {
          assertEquals(compared, row.compared(), () -> which + row.group());
        }
      }
    }
    compareSeries(query, result, ask(duckDb, sql.buckets(), keys + 1), which);
  }

  private static void compareSeries(
      Query query, QueryResult result, List<Answer> buckets, String which) {
    Map<List<@Nullable Value>, List<Cell>> cells = new LinkedHashMap<>();
    for (Answer bucket : buckets) {
      cells.put(bucket.group(), bucket.cells());
    }
    int points = 0;
    for (Row row : result.rows()) {
      for (QueryResult.Point point : row.series()) {
        List<@Nullable Value> group = new ArrayList<>();
        long number = Sql.nanos(point.time()) / query.granularity().toNanos();
        group.add(Value.of(number));
        group.addAll(row.group());
        assertEquals(cells.get(group), point.cells(), () -> which + group);
        points++;
      }
    }
    if (query.havings().isEmpty() && result.rows().size() < query.limit()) {
      assertEquals(buckets.size(), points, () -> which + "all buckets of all groups");
    }
  }

  /** A row of either side. */
  private record Answer(List<@Nullable Value> group, List<Cell> cells) {}

  private static List<Answer> ask(Connection duckDb, String sql, int keys) throws SQLException {
    try (Statement statement = duckDb.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<Answer> answers = new ArrayList<>();
      int width = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        List<@Nullable Value> group = new ArrayList<>();
        for (int i = 1; i <= keys; i++) {
          group.add(value(rows.getObject(i)));
        }
        List<Cell> cells = new ArrayList<>();
        for (int i = keys + 1; i <= width; i++) {
          double number = rows.getDouble(i);
          cells.add(rows.wasNull() ? new Cell.Absent() : new Cell.Figure(number));
        }
        answers.add(new Answer(group, cells));
      }
      return answers;
    } catch (SQLException e) {
      throw new SQLException(sql, e);
    }
  }

  private static @Nullable Value value(@Nullable Object plain) {
    return switch (plain) {
      case null -> null;
      case String text -> Value.of(text);
      case Boolean truth -> Value.of(truth);
      case Double number -> Value.number(number);
      case Number number -> Value.of(number.longValue());
      default -> throw new IllegalArgumentException(plain.toString());
    };
  }
}
