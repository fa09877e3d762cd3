package firebreak.records;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Things of one kind that people have made, each under its id, in the order in which they were
 * made. Safe for use by many threads.
 */
public final class Kept<T> {
  /** How many things of a kind there may be. */
  public static final int AT_MOST = 10_000;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private final Database database;
  private final String table;
  private final Class<T> type;
  private final Function<T, String> id;

  Kept(Database database, String table, Class<T> type, Function<T, String> id) {
    this.database = database;
    this.table = table;
    this.type = type;
    this.id = id;
  }

  /**
   * Keeps a thing, in place of one with its id.
   *
   * @throws IllegalArgumentException if it is one too many
   */
  public void save(T thing) {
    database.together(
        () -> {
          long last = number("SELECT coalesce(max(position), 0) FROM " + table);
          if (find(id.apply(thing)).isEmpty()
              && number("SELECT count(*) FROM " + table) >= AT_MOST) {
            throw new IllegalArgumentException(
                "there are %d %s, and no more are kept".formatted(AT_MOST, table));
          }
          database.write(
              "INSERT INTO %s (id, position, body) VALUES (?, ?, ?)".formatted(table)
                  + " ON CONFLICT (id) DO UPDATE SET body = excluded.body",
              id.apply(thing),
              last + 1,
              write(thing));
        });
  }

  private long number(String sql) {
    return database.first(row -> row.getLong(1), sql).orElse(0L);
  }

  public Optional<T> find(String wanted) {
    return database.first(
        row -> read(row.getString(1)), "SELECT body FROM %s WHERE id = ?".formatted(table), wanted);
  }

  /** All of them, the oldest first. */
  public List<T> all() {
    return database.read(
        row -> read(row.getString(1)), "SELECT body FROM %s ORDER BY position".formatted(table));
  }

  public void delete(String unwanted) {
    database.write("DELETE FROM %s WHERE id = ?".formatted(table), unwanted);
  }

  private static String write(Object thing) {
    try {
      return MAPPER.writeValueAsString(thing);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be written: " + thing, e);
    }
  }

  private T read(String json) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot be read in " + table + ": " + json, e);
    }
  }
}
