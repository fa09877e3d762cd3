package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import firebreak.eventstore.QueryResult.Cell;
import firebreak.eventstore.QueryResult.Point;
import firebreak.eventstore.QueryResult.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random questions about random events, to which both stores must give one answer. */
@Execution(ExecutionMode.CONCURRENT)
final class StoresAgreeTest {
  private static final int ROUNDS = 12;
  private static final int QUESTIONS = 12;
  private static final double TOLERANCE = 1e-9;

  @TempDir Path directory;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 5, 8, 13})
  void answersAlikeWhateverIsAsked(long seed) {
    RandomQuestions draw = new RandomQuestions(seed);
    LuceneEventStore lucene = reopen();
    try (EventStore memory = EventStore.inMemory()) {
      for (int round = 0; round < ROUNDS; round++) {
        String dataset = draw.dataset();
        List<Event> events = draw.events(round % 3 == 0 ? 400 : 20);
        memory.append(dataset, events);
        lucene.append(dataset, events);
        switch (draw.below(6)) {
          case 0 -> {
            lucene.close();
            lucene = reopen();
          }
          case 1 -> lucene.seal();
          default -> {}
        }
        for (int question = 0; question < QUESTIONS; question++) {
          compare(memory, lucene, draw, "seed " + seed + ", round " + round);
        }
      }
    } finally {
      lucene.close();
    }
  }

  private LuceneEventStore reopen() {
    StoreSettings settings =
        StoreSettings.defaults()
            .withJournalFileBytes(20_000)
            .withSealRows(150)
            .withMerging(3, 900)
            .withCheckInterval(Duration.ofMillis(20));
    return LuceneEventStore.open(directory, settings);
  }

  private static void compare(
      EventStore memory, EventStore lucene, RandomQuestions draw, String where) {
    Query query = draw.query();
    assertAlike(memory.query(query), lucene.query(query), where + ": " + query);
    Selection selection = draw.selection();
    assertEquals(
        memory.contrast(selection), lucene.contrast(selection), () -> where + ": " + selection);
    List<Filter> terms = draw.terms();
    assertEquals(
        memory.patterns(selection, terms),
        lucene.patterns(selection, terms),
        () -> where + ": " + selection + " " + terms);
    List<String> fields = draw.fields();
    int enough = 1 + draw.below(200);
    assertEquals(
        scan(memory, selection, fields, enough),
        scan(lucene, selection, fields, enough),
        () -> where + ": scan of " + selection + " " + fields);
    assertEquals(memory.datasets(), lucene.datasets(), where);
    for (String dataset : memory.datasets().keySet()) {
      assertEquals(memory.fields(dataset), lucene.fields(dataset), where);
    }
  }

  private static List<Event> scan(
      EventStore store, Selection selection, List<String> fields, int enough) {
    List<Event> seen = new ArrayList<>();
    store.scan(
        selection.datasets(),
        selection.range(),
        selection.within(),
        fields,
        event -> {
          seen.add(event);
          return seen.size() < enough;
        });
    return seen;
  }

  private static void assertAlike(QueryResult expected, QueryResult actual, String where) {
    assertEquals(expected.rowsExamined(), actual.rowsExamined(), where);
    assertAlike(expected.total(), actual.total(), where + " total");
    assertEquals(
        expected.rows().stream().map(Row::group).toList(),
        actual.rows().stream().map(Row::group).toList(),
        where);
    for (int i = 0; i < expected.rows().size(); i++) {
      assertAlike(expected.rows().get(i), actual.rows().get(i), where + " row " + i);
    }
    assertAlike(expected.other(), actual.other(), where + " other");
  }

  private static void assertAlike(Row expected, Row actual, String where) {
    assertEquals(expected.group(), actual.group(), where);
    assertAlike(expected.cells(), actual.cells(), where);
    assertAlike(expected.compared(), actual.compared(), where + " compared");
    assertEquals(
        expected.series().stream().map(Point::time).toList(),
        actual.series().stream().map(Point::time).toList(),
        where);
    for (int i = 0; i < expected.series().size(); i++) {
      List<Cell> cells = actual.series().get(i).cells();
      assertAlike(expected.series().get(i).cells(), cells, where + " point " + i);
    }
  }

  private static void assertAlike(List<Cell> expected, List<Cell> actual, String where) {
    assertEquals(expected.size(), actual.size(), where);
    for (int i = 0; i < expected.size(); i++) {
      if (expected.get(i) instanceof Cell.Figure(double wanted)
          && actual.get(i) instanceof Cell.Figure(double found)) {
        if (Math.abs(wanted - found) > TOLERANCE * Math.abs(wanted)) {
          fail("%s: cell %d is %s, should be %s".formatted(where, i, found, wanted));
        }
      } else {
        assertEquals(expected.get(i), actual.get(i), where + " cell " + i);
      }
    }
  }
}
