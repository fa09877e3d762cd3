package firebreak.server;

import firebreak.records.Records;
import java.nio.file.Path;

/**
 * The key {@code records} of the configuration: a JDBC address, or one with a user and a password.
 */
final class ConfigForRecords {
  private ConfigForRecords() {}

  static Config.RecordsAt read(Section root) {
    if (!root.has("records")) {
      return new Config.RecordsAt.Usual();
    }
    if (!root.isMapping("records")) {
      return at(root, "records", root.text("records"), root);
    }
    return root.section(
        "records",
        records -> {
          Config.RecordsAt at = at(records, "url", records.required("url"), root);
          String user = records.text("user");
          Secret password = records.secret("password");
          if (at instanceof Config.RecordsAt.Postgres postgres) {
            return new Config.RecordsAt.Postgres(postgres.url(), user, password);
          }
          if (!user.isEmpty() || password != null) {
            throw records.error("user", "and a password are for PostgreSQL");
          }
          return at;
        });
  }

  private static Config.RecordsAt at(Section section, String key, String url, Section root) {
    if (url.startsWith(Records.SQLITE)) {
      Path file = Path.of(url.substring(Records.SQLITE.length()));
      return new Config.RecordsAt.Sqlite(root.source().folder().resolve(file).normalize());
    }
    if (!url.startsWith(Records.POSTGRES)) {
      throw section.error(key, "starts with %s or %s".formatted(Records.SQLITE, Records.POSTGRES));
    }
    if (url.contains("password=")) {
      throw section.error(
          key, "holds a password: write records: {url: …, user: …, password: {env: NAME}}");
    }
    return new Config.RecordsAt.Postgres(url, "", null);
  }

  /** Opens them. */
  static Records open(Config config) {
    return switch (config.records()) {
      case Config.RecordsAt.Usual _ -> Records.open(config.data().resolve(Backup.RECORDS));
      case Config.RecordsAt.Sqlite(Path file) -> Records.open(file);
      case Config.RecordsAt.Postgres(String url, String user, Secret password) ->
          Records.open(url, user, password == null ? "" : password.value());
    };
  }
}
