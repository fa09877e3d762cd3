package firebreak.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DerivedColumnsTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");

  @TempDir Path folder;

  private static DerivedColumn column(String id, String dataset, String alias, String expression) {
    return new DerivedColumn(id, dataset, alias, expression, "why", NOW, NOW.plusSeconds(5));
  }

  @Test
  void theColumnsOfADatasetAreThereAgainAfterAStart() {
    Path file = folder.resolve("records.db");
    DerivedColumn slow = column("1", "api", "slow", "$ms > 5");
    DerivedColumn fast = column("2", "api", "fast", "$ms < 5");
    DerivedColumn other = column("3", "__all__", "slow", "true");
    try (Records records = Records.open(file)) {
      List.of(slow, fast, other).forEach(each -> assertTrue(records.derivedColumns().save(each)));
    }
    try (Records records = Records.open(file)) {
      DerivedColumns columns = records.derivedColumns();
      assertEquals(List.of(fast, slow), columns.of("api"));
      assertEquals(List.of(other), columns.of("__all__"));
      columns.delete("2");
      assertEquals(List.of(slow), columns.of("api"));
      assertEquals(List.of(), columns.of("web"));
    }
  }

  @Test
  void anAliasIsTakenOnceInADatasetAndStaysWithItsColumn() {
    try (Records records = Records.open(folder.resolve("records.db"))) {
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
  }
}
