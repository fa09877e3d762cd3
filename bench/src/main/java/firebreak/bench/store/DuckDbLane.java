package firebreak.bench.store;

import firebreak.bench.wide.WideField;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * One connection that appends, JSON in, without a detour through objects of ours. A transaction has
 * as many rows as a row group, which DuckDB takes the fastest.
 */
final class DuckDbLane implements Loading.Lane, HoneycombBatch.Sink {
  private static final int TRANSACTION_ROWS = 122_880;

  private final Connection connection;
  private final DuckDBAppender appender;
  private final HoneycombBatch json = new HoneycombBatch();
  private final Map<String, Integer> positions = new HashMap<>();
  private final @Nullable Object[] row;
  private Instant time = Instant.EPOCH;
  private int rows;

  DuckDbLane(Connection connection, String table, List<WideField> fields) throws SQLException {
    this.connection = connection;
    connection.setAutoCommit(false);
    appender = connection.unwrap(DuckDBConnection.class).createAppender("main", table);
    fields.forEach(field -> positions.put(field.name(), positions.size()));
    row = new @Nullable Object[fields.size()];
  }

  @Override
  public void take(byte[] batch) throws Exception {
    json.read(batch, this);
    if (rows >= TRANSACTION_ROWS) {
      commit();
    }
  }

  private void commit() throws SQLException {
    appender.flush();
    connection.commit();
    rows = 0;
  }

  @Override
  public void begin(Instant at) {
    time = at;
    Arrays.fill(row, null);
  }

  @Override
  public void text(String field, String value) {
    put(field, value);
  }

  @Override
  public void whole(String field, long value) {
    put(field, value);
  }

  @Override
  public void real(String field, double value) {
    put(field, value);
  }

  @Override
  public void truth(String field, boolean value) {
    put(field, value);
  }

  private void put(String field, Object value) {
    Integer position = positions.get(field);
    if (position != null) {
      row[position] = value;
    }
  }

  @Override
  public void end() throws IOException {
    try {
      appender.beginRow();
      appender.appendEpochMillis(time.toEpochMilli());
      for (Object value : row) {
        append(value);
      }
      appender.endRow();
      rows++;
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  private void append(@Nullable Object value) throws SQLException {
    switch (value) {
      case null -> appender.appendNull();
      case String text -> appender.append(text);
      case Long whole -> appender.append(whole.longValue());
      case Double real -> appender.append(real.doubleValue());
      case Boolean truth -> appender.append(truth.booleanValue());
      default -> throw new IllegalStateException("no column takes " + value.getClass());
    }
  }

  @Override
  public void close() throws SQLException {
    commit();
    appender.close();
    connection.close();
  }
}
