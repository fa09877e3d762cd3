package firebreak.eventstore;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.DocValuesSkipper;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.FixedBitSet;
import org.jspecify.annotations.Nullable;

/** One segment of the index, for the time of one question. */
final class Segment {
  final LeafReader reader;
  final Deadline deadline;
  private final Map<String, EnumMap<Columns.Type, String>> columns = new HashMap<>();
  private final Map<Dictionary, int[]> ordinalCodes = new HashMap<>();

  Segment(LeafReaderContext context, Deadline deadline) {
    reader = context.reader();
    this.deadline = deadline;
    for (FieldInfo column : reader.getFieldInfos()) {
      Columns.Typed typed = Columns.typed(column.name);
      if (typed != null) {
        columns
            .computeIfAbsent(typed.field(), _ -> new EnumMap<>(Columns.Type.class))
            .put(typed.type(), column.name);
      }
    }
  }

  /** The fields that any event of the segment may have. */
  Set<String> fields() {
    return columns.keySet();
  }

  /** The columns of a field that the segment has, by type; none for an unknown field. */
  Map<Columns.Type, String> columns(String field) {
    return columns.getOrDefault(field, new EnumMap<>(Columns.Type.class));
  }

  /** The events that lie in the datasets and in the range; null where there are none. */
  @Nullable FixedBitSet candidates(List<String> datasets, TimeRange range) throws IOException {
    deadline.check();
    FixedBitSet times = inRange(range);
    if (times == null) {
      return null;
    }
    SortedDocValues dataset = DocValues.getSorted(reader, Columns.DATASET);
    Set<Integer> wanted = new HashSet<>();
    for (String name : new HashSet<>(datasets)) {
      int ordinal = dataset.lookupTerm(new BytesRef(name));
      if (ordinal >= 0) {
        wanted.add(ordinal);
      }
    }
    if (wanted.isEmpty()) {
      return null;
    }
    if (wanted.size() < dataset.getValueCount()) {
      boolean[] in = new boolean[dataset.getValueCount()];
      wanted.forEach(ordinal -> in[ordinal] = true);
      for (int doc = next(times, 0); doc >= 0; doc = next(times, doc + 1)) {
        if (!dataset.advanceExact(doc) || !in[dataset.ordValue()]) {
          times.clear(doc);
        }
      }
    }
    return times;
  }

  private @Nullable FixedBitSet inRange(TimeRange range) throws IOException {
    long start = Times.nanos(range.start());
    long end = Times.nanos(range.end());
    DocValuesSkipper skipper = reader.getDocValuesSkipper(Columns.TIME);
    if (skipper == null || skipper.maxValue() < start || skipper.minValue() >= end) {
      return null;
    }
    FixedBitSet bits = new FixedBitSet(reader.maxDoc());
    if (skipper.minValue() >= start && skipper.maxValue() < end) {
      bits.set(0, reader.maxDoc());
    } else {
      NumericDocValues times = DocValues.getNumeric(reader, Columns.TIME);
      for (int doc = times.nextDoc(); doc < reader.maxDoc(); doc = times.nextDoc()) {
        if (times.longValue() >= start && times.longValue() < end) {
          bits.set(doc);
        }
      }
    }
    if (reader.getLiveDocs() != null) {
      reader.getLiveDocs().applyMask(bits, 0);
    }
    return bits;
  }

  /** The first set bit at or after an index, or -1. */
  static int next(FixedBitSet bits, int from) {
    if (from >= bits.length()) {
      return -1;
    }
    int next = bits.nextSetBit(from);
    return next < bits.length() ? next : -1;
  }

  /** The set bits in pieces small enough for the caches. */
  List<Block> blocks(FixedBitSet matching) {
    List<Block> blocks = new ArrayList<>();
    int[] docs = new int[Block.SIZE];
    int size = 0;
    for (int doc = next(matching, 0); doc >= 0; doc = next(matching, doc + 1)) {
      docs[size++] = doc;
      if (size == Block.SIZE) {
        blocks.add(new Block(this, docs));
        docs = new int[Block.SIZE];
        size = 0;
      }
    }
    if (size > 0) {
      blocks.add(new Block(this, Arrays.copyOf(docs, size)));
    }
    return blocks;
  }

  /** For a field's text: the dictionary's code of each ordinal, 0 where not yet looked up. */
  int[] ordinalCodes(Dictionary dictionary, int ordinals) {
    return ordinalCodes.computeIfAbsent(dictionary, _ -> new int[ordinals]);
  }
}
