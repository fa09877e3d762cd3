package firebreak.records;

import java.time.Instant;
import java.util.List;

/** The derived columns that people have saved. */
public final class DerivedColumns {
  private final Database database;

  DerivedColumns(Database database) {
    this.database = database;
  }

  /** Saves a column, in place of one with its id; false if another has its alias already. */
  public boolean save(DerivedColumn column) {
    boolean[] saved = new boolean[1];
    database.together(
        () -> {
          boolean taken =
              database
                  .first(
                      row -> row.getString(1),
                      "SELECT id FROM derived_columns WHERE dataset = ? AND alias = ? AND id <> ?",
                      column.dataset(),
                      column.alias(),
                      column.id())
                  .isPresent();
          if (!taken) {
            write(column);
          }
          saved[0] = !taken;
        });
    return saved[0];
  }

  private void write(DerivedColumn column) {
    database.write(
        """
        INSERT INTO derived_columns
          (id, dataset, alias, expression, description, created_second, updated_second)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET
          dataset = excluded.dataset,
          alias = excluded.alias,
          expression = excluded.expression,
          description = excluded.description,
          updated_second = excluded.updated_second
        """,
        column.id(),
        column.dataset(),
        column.alias(),
        column.expression(),
        column.description(),
        column.createdAt().getEpochSecond(),
        column.updatedAt().getEpochSecond());
  }

  /** The columns of a dataset, by alias. */
  public List<DerivedColumn> of(String dataset) {
    return database.read(
        row ->
            new DerivedColumn(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                Instant.ofEpochSecond(row.getLong(6)),
                Instant.ofEpochSecond(row.getLong(7))),
        """
        SELECT id, dataset, alias, expression, description, created_second, updated_second
        FROM derived_columns WHERE dataset = ? ORDER BY alias
        """,
        dataset);
  }

  public void delete(String id) {
    database.write("DELETE FROM derived_columns WHERE id = ?", id);
  }
}
