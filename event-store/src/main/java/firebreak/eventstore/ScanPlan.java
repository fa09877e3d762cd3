package firebreak.eventstore;

import firebreak.eventstore.EventStore.Visitor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.util.FixedBitSet;

/**
 * How matching events are shown oldest first: all are put in order by time alone, then read in
 * batches that grow, so that a visitor who has soon seen enough costs little.
 */
final class ScanPlan {
  private static final int FIRST_BATCH = 64;
  private static final int LARGEST_BATCH = 8_192;

  private final Deadline deadline;
  private final Set<String> fields;
  private final List<Segment> segments = new ArrayList<>();
  private final List<Found> found = new ArrayList<>();

  /** An event by its place in the order and in the index. */
  private record Found(long time, long sequence, int segment, int doc) {}

  ScanPlan(Deadline deadline, List<String> fields) {
    this.deadline = deadline;
    this.fields = new HashSet<>(fields);
  }

  void scan(
      IndexReader index, List<String> datasets, TimeRange range, Filter filter, Visitor visitor)
      throws IOException {
    for (LeafReaderContext leaf : index.leaves()) {
      Segment segment = new Segment(leaf, deadline);
      FixedBitSet candidates = segment.candidates(datasets, range);
      if (candidates != null) {
        find(segment, new SegmentFilter(segment, candidates).matching(filter));
      }
    }
    found.sort(Comparator.comparingLong(Found::time).thenComparingLong(Found::sequence));
    int size = FIRST_BATCH;
    for (int start = 0; start < found.size(); ) {
      int end = Math.min(found.size(), start + size);
      for (Event event : read(found.subList(start, end))) {
        if (!visitor.visit(event)) {
          return;
        }
      }
      start = end;
      size = Math.min(2 * size, LARGEST_BATCH);
    }
  }

  private void find(Segment segment, FixedBitSet matching) throws IOException {
    segments.add(segment);
    for (Block block : segment.blocks(matching)) {
      long[] times = block.own(Columns.TIME);
      long[] sequences = block.own(Columns.SEQUENCE);
      for (int i = 0; i < block.size(); i++) {
        found.add(new Found(times[i], sequences[i], segments.size() - 1, block.doc(i)));
      }
    }
  }

  private List<Event> read(List<Found> batch) throws IOException {
    List<Map<String, Value>> values = new ArrayList<>();
    batch.forEach(_ -> values.add(new HashMap<>()));
    int[] rates = new int[batch.size()];
    // Columns are read forward only, so each segment's events in the order of its documents.
    List<List<Integer>> bySegment = new ArrayList<>();
    segments.forEach(_ -> bySegment.add(new ArrayList<>()));
    for (int i = 0; i < batch.size(); i++) {
      bySegment.get(batch.get(i).segment()).add(i);
    }
    for (int s = 0; s < segments.size(); s++) {
      List<Integer> places = bySegment.get(s);
      if (!places.isEmpty()) {
        places.sort(Comparator.comparingInt(place -> batch.get(place).doc()));
        new BatchReader(segments.get(s), batch, places, values, rates).read();
      }
    }
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      events.add(new Event(Times.instant(batch.get(i).time()), rates[i], values.get(i)));
    }
    return events;
  }

  /** Reads one segment's events of a batch, column by column. */
  private final class BatchReader {
    private final Segment segment;
    private final List<Found> batch;
    private final List<Integer> places;
    private final List<Map<String, Value>> values;
    private final int[] rates;

    BatchReader(
        Segment segment,
        List<Found> batch,
        List<Integer> places,
        List<Map<String, Value>> values,
        int[] rates) {
      this.segment = segment;
      this.batch = batch;
      this.places = places;
      this.values = values;
      this.rates = rates;
    }

    void read() throws IOException {
      NumericDocValues sampleRates = DocValues.getNumeric(segment.reader, Columns.SAMPLE_RATE);
      for (int place : places) {
        if (sampleRates.advanceExact(batch.get(place).doc())) {
          rates[place] = (int) sampleRates.longValue();
        }
      }
      for (String field : segment.fields()) {
        if (fields.isEmpty() || fields.contains(field)) {
          for (Map.Entry<Columns.Type, String> column : segment.columns(field).entrySet()) {
            read(field, column.getKey(), column.getValue());
          }
        }
      }
    }

    private void read(String field, Columns.Type type, String column) throws IOException {
      switch (type) {
        case TEXT -> {
          SortedDocValues texts = DocValues.getSorted(segment.reader, column);
          for (int place : places) {
            if (texts.advanceExact(batch.get(place).doc())) {
              String text = texts.lookupOrd(texts.ordValue()).utf8ToString();
              values.get(place).put(field, Value.of(text));
            }
          }
        }
        case LONG_TEXT -> {
          BinaryDocValues texts = DocValues.getBinary(segment.reader, column);
          for (int place : places) {
            if (texts.advanceExact(batch.get(place).doc())) {
              values.get(place).put(field, Value.of(texts.binaryValue().utf8ToString()));
            }
          }
        }
        case WHOLE, REAL, TRUTH -> {
          NumericDocValues numbers = DocValues.getNumeric(segment.reader, column);
          for (int place : places) {
            if (numbers.advanceExact(batch.get(place).doc())) {
              values.get(place).put(field, Columns.value(type, numbers.longValue()));
            }
          }
        }
      }
    }
  }
}
