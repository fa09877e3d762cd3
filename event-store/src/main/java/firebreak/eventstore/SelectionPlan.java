package firebreak.eventstore;

import firebreak.eventstore.EventStore.Contrast;
import firebreak.eventstore.EventStore.Pattern;
import firebreak.eventstore.EventStore.Weight;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.ArrayUtil;
import org.apache.lucene.util.FixedBitSet;
import org.jspecify.annotations.Nullable;

/** How selected events are set against the rest, from the index. */
final class SelectionPlan {
  private final Selection selection;
  private final Deadline deadline;

  SelectionPlan(Selection selection, Deadline deadline) {
    this.selection = selection;
    this.deadline = deadline;
  }

  /** The two sides within one segment. */
  record Sides(Segment segment, SegmentFilter filter, FixedBitSet within, FixedBitSet selected) {}

  private List<Sides> sides(IndexReader index) throws IOException {
    List<Sides> sides = new ArrayList<>();
    for (LeafReaderContext leaf : index.leaves()) {
      Segment segment = new Segment(leaf, deadline);
      FixedBitSet candidates = segment.candidates(selection.datasets(), selection.range());
      if (candidates != null) {
        SegmentFilter filter = new SegmentFilter(segment, candidates);
        FixedBitSet within = filter.matching(selection.within());
        sides.add(new Sides(segment, filter, within, filter.matching(selection.selected())));
      }
    }
    return sides;
  }

  /** Weights of both sides under consecutive numbers. */
  static final class Tally {
    private long[] selected = new long[16];
    private long[] baseline = new long[16];

    void add(int id, long weight, boolean isSelected) {
      selected = ArrayUtil.grow(selected, id + 1);
      baseline = ArrayUtil.grow(baseline, id + 1);
      (isSelected ? selected : baseline)[id] += weight;
    }

    Weight weight(int id) {
      return id < selected.length ? new Weight(selected[id], baseline[id]) : new Weight(0, 0);
    }
  }

  List<Pattern> patterns(IndexReader index, List<Filter> terms) throws IOException {
    IdTable masks = new IdTable();
    Tally tally = new Tally();
    for (Sides sides : sides(index)) {
      List<FixedBitSet> matching = new ArrayList<>();
      for (Filter term : terms) {
        matching.add(sides.filter().matching(term));
      }
      for (Block block : sides.segment().blocks(sides.within())) {
        long[] weights = block.own(Columns.SAMPLE_RATE);
        for (int i = 0; i < block.size(); i++) {
          int doc = block.doc(i);
          long mask = 0;
          for (int term = 0; term < matching.size(); term++) {
            mask |= matching.get(term).get(doc) ? 1L << term : 0;
          }
          tally.add(masks.id(mask), weights[i], sides.selected().get(doc));
        }
      }
    }
    List<Pattern> patterns = new ArrayList<>();
    for (int id = 0; id < masks.size(); id++) {
      patterns.add(new Pattern(masks.key(id), tally.weight(id)));
    }
    patterns.sort(Comparator.comparingLong(Pattern::mask));
    return patterns;
  }

  Contrast contrast(IndexReader index) throws IOException {
    Tally total = new Tally();
    Map<String, FieldContrast> fields = new HashMap<>();
    for (Sides sides : sides(index)) {
      long[] weights = weights(sides);
      for (int doc = Segment.next(sides.within(), 0);
          doc >= 0;
          doc = Segment.next(sides.within(), doc + 1)) {
        total.add(0, weights[doc], sides.selected().get(doc));
      }
      for (String field : sides.segment().fields()) {
        fields.computeIfAbsent(field, _ -> new FieldContrast()).add(field, sides, weights);
      }
    }
    Weight all = total.weight(0);
    Map<String, Map<@Nullable Value, Weight>> values = new HashMap<>();
    for (Map.Entry<String, FieldContrast> field : fields.entrySet()) {
      deadline.check();
      Map<@Nullable Value, Weight> weights = field.getValue().weights(all);
      if (!weights.isEmpty()) {
        values.put(field.getKey(), weights);
      }
    }
    return new Contrast(all, values);
  }

  /** The sample rate of each event of a segment, by its document number. */
  private static long[] weights(Sides sides) throws IOException {
    long[] weights = new long[sides.segment().reader.maxDoc()];
    NumericDocValues rates = DocValues.getNumeric(sides.segment().reader, Columns.SAMPLE_RATE);
    for (int doc = rates.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = rates.nextDoc()) {
      weights[doc] = rates.longValue();
    }
    return weights;
  }
}
