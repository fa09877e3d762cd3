package firebreak.records;

import java.util.Arrays;
import java.util.List;

/**
 * The tables, as steps from one version to the next: step n leads from version n to n + 1, and none
 * is ever changed once released.
 */
final class Schema {
  /** Stands for the triggers that keep the audit log from being changed. */
  private static final String AUDIT_IS_APPEND_ONLY = "audit is append-only";

  private static final List<String> SQLITE_TRIGGERS =
      List.of(
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
          """);

  private static final List<String> POSTGRES_TRIGGERS =
      List.of(
          """
          CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$
          """,
          """
          CREATE FUNCTION audit_has_no_gap() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN
            IF NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM audit) THEN
              RAISE EXCEPTION 'the audit log is append-only';
            END IF;
            RETURN NEW;
          END $$
          """,
          """
          CREATE TRIGGER audit_is_never_updated BEFORE UPDATE ON audit
          FOR EACH ROW EXECUTE FUNCTION audit_refuses()
          """,
          """
          CREATE TRIGGER audit_is_never_deleted_from BEFORE DELETE ON audit
          FOR EACH ROW EXECUTE FUNCTION audit_refuses()
          """,
          """
          CREATE TRIGGER audit_is_never_emptied BEFORE TRUNCATE ON audit
          FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()
          """,
          """
          CREATE TRIGGER audit_has_no_gap BEFORE INSERT ON audit
          FOR EACH ROW EXECUTE FUNCTION audit_has_no_gap()
          """);

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
              AUDIT_IS_APPEND_ONLY),
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
              """),
          kept(
              "slos",
              "burn_alerts",
              "recipients",
              "queries",
              "query_annotations",
              "boards",
              "corrections",
              "resets"),
          List.of(
              """
              CREATE TABLE outbox (
                id TEXT PRIMARY KEY NOT NULL,
                destination TEXT NOT NULL,
                subject TEXT NOT NULL,
                body TEXT NOT NULL,
                sequence INTEGER NOT NULL,
                created_milli INTEGER NOT NULL,
                due_milli INTEGER NOT NULL,
                attempts INTEGER NOT NULL,
                state TEXT NOT NULL,
                trouble TEXT NOT NULL
              ) STRICT
              """,
              "CREATE INDEX outbox_by_due ON outbox (state, due_milli)"),
          kept("notebooks", "asked_queries", "api_keys"));

  /** All tables, for copies. */
  static final List<String> TABLES =
      List.of(
          "incidents",
          "audit",
          "derived_columns",
          "slos",
          "burn_alerts",
          "recipients",
          "queries",
          "query_annotations",
          "boards",
          "corrections",
          "resets",
          "outbox",
          "notebooks",
          "asked_queries",
          "api_keys");

  private Schema() {}

  /** Tables of {@link Kept} things. */
  private static List<String> kept(String... names) {
    return Arrays.stream(names)
        .map(
            name ->
                """
                CREATE TABLE %s (
                  id TEXT PRIMARY KEY NOT NULL,
                  position INTEGER NOT NULL,
                  body TEXT NOT NULL
                ) STRICT
                """
                    .formatted(name))
        .toList();
  }

  /** Takes the steps that are missing, each in a transaction together with its version. */
  static void bringUpToDate(Database database, Engine engine) {
    database.inTurn(
        () ->
            database.write(
                engine.translate(
                    "CREATE TABLE IF NOT EXISTS schema (version INTEGER NOT NULL) STRICT")));
    if (version(database) > STEPS.size()) {
      throw new DatabaseTooNewException(engine.place(), version(database), STEPS.size());
    }
    for (int step = 0; step < STEPS.size(); step++) {
      int next = step + 1;
      database.inTurn(
          () -> {
            if (version(database) < next) {
              STEPS.get(next - 1).forEach(statement -> take(statement, database, engine));
              database.write("INSERT INTO schema (version) VALUES (?)", next);
            }
          });
    }
  }

  private static int version(Database database) {
    return database
        .first(row -> row.getInt(1), "SELECT coalesce(max(version), 0) FROM schema")
        .orElse(0);
  }

  private static void take(String statement, Database database, Engine engine) {
    if (statement.equals(AUDIT_IS_APPEND_ONLY)) {
      (engine.isRemote() ? POSTGRES_TRIGGERS : SQLITE_TRIGGERS).forEach(database::write);
    } else {
      database.write(engine.translate(statement));
    }
  }
}
