package firebreak.eventstore.columns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MemtableTest {
  private static Event event(Map<String, Value> fields) {
    return new Event(Instant.EPOCH, 1, fields);
  }

  @Test
  void aViewShowsTheRowsThatWereThereInTheFormOfThatTime() {
    Memtable memtable = new Memtable();
    List<Event> events = new RandomEvents(21).list(8_000);
    List<Part> views = new ArrayList<>();
    List<Integer> sizes = List.of(1, 500, 4_000, 4_096, 4_097, 4_300, 5_400, 5_600, 8_000);
    int added = 0;
    for (int size : sizes) {
      memtable.add(events.subList(added, size));
      added = size;
      views.add(memtable.view());
      assertSame(memtable.view(), views.getLast());
    }
    for (int i = 0; i < sizes.size(); i++) {
      String context = sizes.get(i) + " rows";
      new PartChecks(context, views.get(i), events.subList(0, sizes.get(i)), i).check();
    }
  }

  @Test
  void aColumnTurnsMeasuredAtTheFirstNumberTooManyAndCodedAtTheFirstText() {
    Memtable memtable = new Memtable();
    for (int i = 0; i < Column.CODED_NUMBERS; i++) {
      memtable.add(event(Map.of("n", Value.of(i))));
    }
    Part few = memtable.view();
    memtable.add(event(Map.of("n", Value.of(-1))));
    Part many = memtable.view();
    memtable.add(event(Map.of("other", Value.of(true))));
    memtable.add(event(Map.of("n", Value.of("text"))));
    Part mixed = memtable.view();
    assertInstanceOf(Column.Coded.class, few.column("n"));
    assertInstanceOf(Column.Measured.class, many.column("n"));
    assertInstanceOf(Column.Coded.class, mixed.column("n"));
    assertNull(many.column("other"));
    assertEquals(Value.of(-1), value(mixed, "n", Column.CODED_NUMBERS));
    assertNull(value(mixed, "n", Column.CODED_NUMBERS + 1));
    assertEquals(Value.of("text"), value(mixed, "n", Column.CODED_NUMBERS + 2));
  }

  private static @Nullable Value value(Part part, String field, int row) {
    Column column = part.column(field);
    return column == null ? null : column.value(row);
  }

  @Test
  void anEmptyMemtableHasNoRows() {
    Part part = new Memtable().view();
    assertEquals(0, part.rows());
    assertTrue(part.fields().isEmpty());
    assertTrue(part.firstTime() > part.lastTime());
  }

  @Test
  void viewsAreReadWhileRowsAreAdded() throws InterruptedException, ExecutionException {
    Memtable memtable = new Memtable();
    List<Event> events = new RandomEvents(22).list(12_000);
    try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
      Future<?> writer =
          pool.submit(
              () -> {
                for (int i = 0; i < events.size(); i += 60) {
                  memtable.add(events.subList(i, i + 60));
                }
              });
      int before = 0;
      while (!writer.isDone()) {
        Part view = memtable.view();
        int rows = view.rows();
        assertTrue(rows >= before && rows % 60 == 0);
        before = rows;
        for (String field : view.fields()) {
          for (int row = Math.max(0, rows - 90); row < rows; row++) {
            assertEquals(events.get(row).field(field), value(view, field, row), field);
          }
        }
      }
      writer.get();
    }
    new PartChecks("after all", memtable.view(), events, 1).check();
  }

  @Test
  void textsOfOneHashTakeNoLongerThanOthers() {
    Memtable memtable = new Memtable();
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 1 << 15; i++) {
      StringBuilder text = new StringBuilder();
      for (int bit = 0; bit < 15; bit++) {
        text.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      events.add(event(Map.of("text", Value.of(text.toString()))));
    }
    assertTimeoutPreemptively(Duration.ofSeconds(10), () -> memtable.add(events));
    Part part = memtable.view();
    Column.Coded column = assertInstanceOf(Column.Coded.class, part.column("text"));
    assertEquals(events.size(), column.dictionary().size());
    for (int row = 0; row < events.size(); row += 100) {
      Value value = events.get(row).fields().getOrDefault("text", Value.of(""));
      assertEquals(value, column.value(row));
      assertEquals(row + 1, column.dictionary().code(value));
    }
  }
}
