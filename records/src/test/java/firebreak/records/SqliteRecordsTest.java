package firebreak.records;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

class SqliteRecordsTest extends RecordsContract {
  private Path file() {
    return folder.resolve("records.db");
  }

  @Override
  Records open() {
    return Records.open(file());
  }

  @Override
  Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file());
  }
}
