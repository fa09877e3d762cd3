package firebreak.eventstore.columns;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares a part with the events that it should hold, by every way to read it. */
final class PartChecks {
  private final String context;
  private final Part part;
  private final List<Event> events;
  private final Random random;

  PartChecks(String context, Part part, List<Event> events, long seed) {
    this.context = context;
    this.part = part;
    this.events = events;
    random = new Random(seed);
  }

  void check() {
    assertEquals(events.size(), part.rows(), context);
    Set<String> fields = new HashSet<>();
    events.forEach(event -> fields.addAll(event.fields().keySet()));
    assertEquals(fields, new HashSet<>(part.fields()), context);
    assertNull(part.column("no such field"), context);
    checkTimes();
    for (String field : fields) {
      checkField(field);
    }
  }

  private void checkTimes() {
    int rows = part.rows();
    long[] times = new long[rows];
    part.times().read(0, rows, times);
    Longs rates = part.sampleRates();
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    boolean sampled = false;
    for (int row = 0; row < rows; row++) {
      Event event = events.get(row);
      long time = Times.nanos(event.time());
      first = Math.min(first, time);
      last = Math.max(last, time);
      assertEquals(time, times[row], context);
      assertEquals(time, part.times().at(row), context);
      assertEquals(event.sampleRate(), rates == null ? 1 : rates.at(row), context);
      sampled |= event.sampleRate() != 1;
      assertTrue(!part.isSorted() || row == 0 || times[row] >= times[row - 1], context);
    }
    assertEquals(first, part.firstTime(), context);
    assertEquals(last, part.lastTime(), context);
    assertEquals(sampled, rates != null, context);
  }

  private void checkField(String field) {
    String where = context + ", field " + field;
    Column column = part.column(field);
    assertNotNull(column, where);
    Set<Value> different = new HashSet<>();
    boolean numbers = true;
    for (int row = 0; row < part.rows(); row++) {
      Value value = events.get(row).field(field);
      assertEquals(value, column.value(row), where);
      if (value != null) {
        different.add(value);
        numbers &= value.isNumber();
      }
    }
    switch (column) {
      case Column.Coded coded -> {
        assertTrue(coded.dictionary().size() >= different.size(), where);
        checkCodes(where, coded.codes(), coded.dictionary().size());
        checkDictionary(where, coded, different);
        checkMarginals(where, coded.codes(), coded.dictionary().size(), coded.marginals());
      }
      case Column.Measured measured -> {
        assertTrue(numbers && different.size() > Column.CODED_NUMBERS, where);
        checkCodes(where, measured.bins(), measured.highestCode());
        checkNumbers(where, field, measured);
        checkMarginals(where, measured.bins(), measured.highestCode(), measured.marginals());
      }
    }
  }

  private static void checkDictionary(String where, Column.Coded column, Set<Value> different) {
    Dictionary dictionary = column.dictionary();
    List<Value> asked = new ArrayList<>(List.of(Value.of("nowhere-7"), Value.of(-77)));
    asked.addAll(different.stream().limit(20).toList());
    assertArrayEquals(
        asked.stream().mapToInt(dictionary::code).toArray(), dictionary.codes(asked), where);
    int tried = 0;
    for (Value value : different) {
      int code = dictionary.code(value);
      assertTrue(code > 0, where);
      assertEquals(value, dictionary.value(code), where);
      assertEquals(value.asDouble(), dictionary.number(code), where);
      if (++tried > 50) {
        break;
      }
    }
    for (Value other : List.of(Value.of("nowhere-7"), Value.of(-77), Value.number(0.123))) {
      int code = dictionary.code(other);
      assertTrue(code > 0 || !different.contains(other), where);
      assertTrue(code == 0 || dictionary.value(code).equals(other), where);
    }
  }

  private void checkCodes(String where, Codes codes, int highest) {
    int rows = part.rows();
    int from = random.nextInt(rows);
    int to = from + random.nextInt(rows - from + 1);
    int[] read = new int[to - from];
    codes.read(from, to - from, read);
    int[] some = random.ints(random.nextInt(200), 0, rows).sorted().toArray();
    int[] gathered = new int[some.length];
    codes.gather(some, some.length, gathered);
    int[] counts = new int[highest + 1];
    int[] expected = new int[highest + 1];
    codes.count(from, to, counts);
    codes.count(some, some.length, counts);
    boolean[] accepted = new boolean[highest + 1];
    for (int i = 0; i < accepted.length; i++) {
      accepted[i] = random.nextInt(3) == 0;
    }
    int start = from / 64 * 64;
    long[] bits = new long[rows / 64 + 1];
    codes.select(start, to, accepted, bits);
    for (int i = 0; i < read.length; i++) {
      assertEquals(codes.at(from + i), read[i], where);
      expected[read[i]]++;
    }
    for (int i = 0; i < some.length; i++) {
      assertEquals(codes.at(some[i]), gathered[i], where);
      expected[gathered[i]]++;
    }
    for (int code = 0; code <= highest; code++) {
      assertEquals(expected[code], counts[code], where);
    }
    for (int row = 0; row < rows; row++) {
      boolean selected = row >= start && row < to && accepted[codes.at(row)];
      assertEquals(selected, (bits[row >> 6] >>> row & 1) != 0, where);
    }
  }

  private void checkNumbers(String where, String field, Column.Measured column) {
    int rows = part.rows();
    double[] read = new double[rows];
    column.numbers().read(0, rows, read);
    int[] some = random.ints(100, 0, rows).toArray();
    double[] gathered = new double[some.length];
    column.numbers().gather(some, some.length, gathered);
    for (int i = 0; i < some.length; i++) {
      assertEquals(read[some[i]], gathered[i], where);
    }
    for (int row = 0; row < rows; row++) {
      Value value = events.get(row).field(field);
      double number = value == null ? Double.NaN : value.asDouble();
      assertEquals(number, read[row], where);
      assertEquals(number, column.numbers().at(row), where);
      assertEquals(value, column.numbers().value(row), where);
      int bin = column.bins().at(row);
      assertEquals(
          value == null ? 0 : HeatmapBins.number(number) - column.lowestBin() + 1, bin, where);
    }
  }

  private void checkMarginals(
      String where, Codes codes, int highest, @Nullable Marginals marginals) {
    if (marginals == null) {
      return;
    }
    long[] weights = new long[highest + 1];
    long[] ofBlocks = new long[highest + 1];
    for (int row = 0; row < part.rows(); row++) {
      weights[codes.at(row)] += events.get(row).sampleRate();
      boolean blockEnds = (row + 1) % Part.BLOCK == 0 || row + 1 == part.rows();
      if (blockEnds && marginals.hasBlocks()) {
        marginals.addBlock(row / Part.BLOCK, ofBlocks);
        for (int code = 0; code <= highest; code++) {
          assertEquals(weights[code], ofBlocks[code], where);
        }
      }
    }
    for (int code = 0; code <= highest; code++) {
      assertEquals(weights[code], marginals.weight(code), where);
    }
  }
}
