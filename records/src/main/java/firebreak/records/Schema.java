package firebreak.records;

import java.nio.file.Path;
import java.util.List;

/**
 * The tables, as steps from one version to the next: step n leads from version n to n + 1, and none
 * is ever changed once released.
 */
final class Schema {
  static final List<List<String>> STEPS =
      List.of(
          List.of(
              """
              CREATE TABLE incidents (
                id TEXT PRIMARY KEY NOT NULL,
                opened_second INTEGER NOT NULL,
                opened_nano INTEGER NOT NULL,
                body TEXT NOT NULL
              ) STRICT
              """,
              "CREATE INDEX incidents_by_time ON incidents (opened_second, opened_nano)",
              """
              CREATE TABLE audit (
                sequence INTEGER PRIMARY KEY NOT NULL,
                second INTEGER NOT NULL,
                nano INTEGER NOT NULL,
                actor TEXT NOT NULL,
                kind TEXT NOT NULL,
                incident TEXT NOT NULL,
                mitigation TEXT NOT NULL,
                body TEXT NOT NULL,
                hash TEXT NOT NULL,
                previous_hash TEXT NOT NULL
              ) STRICT
              """,
              """
              CREATE TRIGGER audit_is_never_updated BEFORE UPDATE ON audit
              BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
              """,
              """
              CREATE TRIGGER audit_is_never_deleted_from BEFORE DELETE ON audit
              BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
              """,
              """
              CREATE TRIGGER audit_has_no_gap BEFORE INSERT ON audit
              WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM audit)
              BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
              """),
          List.of(
              """
              CREATE TABLE derived_columns (
                id TEXT PRIMARY KEY NOT NULL,
                dataset TEXT NOT NULL,
                alias TEXT NOT NULL,
                expression TEXT NOT NULL,
                description TEXT NOT NULL,
                created_second INTEGER NOT NULL,
                updated_second INTEGER NOT NULL,
                UNIQUE (dataset, alias)
              ) STRICT
              """));

  private Schema() {}

  /** Takes the steps that are missing, each in a transaction together with its version. */
  static void bringUpToDate(Database database, Path file) {
    database.write("CREATE TABLE IF NOT EXISTS schema (version INTEGER NOT NULL) STRICT");
    int version =
        database.first(row -> row.getInt(1), "SELECT coalesce(max(version), 0) FROM schema").get();
    if (version > STEPS.size()) {
      throw new DatabaseTooNewException(file, version, STEPS.size());
    }
    for (int step = version; step < STEPS.size(); step++) {
      int next = step + 1;
      database.together(
          () -> {
            STEPS.get(next - 1).forEach(database::write);
            database.write("INSERT INTO schema (version) VALUES (?)", next);
          });
    }
  }
}
