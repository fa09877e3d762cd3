package firebreak.eventstore.execution;

import firebreak.eventstore.EventStore.Pattern;
import firebreak.eventstore.EventStore.Weight;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Limits;
import firebreak.eventstore.Selection;
import firebreak.eventstore.columns.Codes;
import firebreak.eventstore.columns.IdTable;
import firebreak.eventstore.columns.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How patterns are counted: terms that ask for the codes of one column are looked up together, code
 * by code; the others are read from the bits of the rows that match them.
 */
final class PatternRun {
  private static final int BLOCK = 1 << 17;

  /** Up to so many codes are looked up in a table. */
  private static final int MOST_CODES = 1 << 16;

  /** Up to so many terms every pattern has a place. */
  private static final int FEW_TERMS = 14;

  private final Workers workers;
  private final Deadline deadline;
  private final int terms;
  private final List<Sides> sides;
  private final List<PartTerms> asked = new ArrayList<>();

  PatternRun(Selection selection, List<Filter> terms, Snapshot snapshot, TimeScope.Means means) {
    if (terms.size() > Limits.PATTERN_TERMS) {
      throw new IllegalArgumentException(
          "patterns take %d terms, were %d".formatted(Limits.PATTERN_TERMS, terms.size()));
    }
    workers = means.workers();
    deadline = means.deadline();
    this.terms = terms.size();
    Sides.Found found = Sides.find(selection, terms, snapshot, means);
    sides = found.sides();
    sides.forEach(_ -> asked.add(new PartTerms()));
    workers.run(
        sides.size(), deadline, (_, part) -> plan(terms, found.scope(), sides.get(part), part));
    readOthers(terms, found.scope());
  }

  private void plan(List<Filter> filters, TimeScope scope, Sides side, int part) {
    PartTerms planned = asked.get(part);
    Conditions conditions = new Conditions(scope, side.part(), side.within().count());
    for (int term = 0; term < filters.size(); term++) {
      switch (conditions.of(filters.get(term))) {
        case Condition.Constant(boolean all) -> planned.addConstant(term, all);
        case Condition.Coded(Codes codes, boolean[] accepted) when accepted.length <= MOST_CODES ->
            planned.addCoded(term, codes, accepted);
        case Condition.Interval _,
            Condition.Timed _,
            Condition.Coded _,
            Condition.Tested _,
            Condition.Numbered _,
            Condition.Measured _,
            Condition.Both _,
            Condition.Either _,
            Condition.Not _ ->
            planned.others().add(term);
      }
    }
    planned.close();
  }

  /** Finds the rows of the terms that some part has no table for. */
  private void readOthers(List<Filter> filters, TimeScope scope) {
    List<Integer> others =
        asked.stream().flatMap(part -> part.others().stream()).distinct().sorted().toList();
    if (others.isEmpty()) {
      return;
    }
    List<List<Rows>> narrowed =
        scope.narrow(
            sides.stream().map(Sides::within).toList(), others.stream().map(filters::get).toList());
    for (int part = 0; part < sides.size(); part++) {
      for (int term : asked.get(part).others()) {
        asked.get(part).addMatching(narrowed.get(others.indexOf(term)).get(part));
      }
    }
  }

  private record Block(int part, int from, int to) {}

  List<Pattern> answer() {
    List<Block> blocks = new ArrayList<>();
    for (int part = 0; part < sides.size(); part++) {
      Rows within = sides.get(part).within();
      for (int from = within.from(); from < within.to(); from += BLOCK) {
        blocks.add(new Block(part, from, Math.min(within.to(), from + BLOCK)));
      }
    }
    List<Lane> lanes =
        workers.run(
            blocks.size(), deadline, Lane::new, (lane, task) -> lane.count(blocks.get(task)));
    Lane united = new Lane();
    lanes.forEach(united::merge);
    return united.patterns();
  }

  /** The masks that one thread has seen, and their weights. */
  private final class Lane {
    private final IdTable seen = new IdTable();
    private final Chunk chunk = new Chunk();
    private final TermBits bits = new TermBits(terms);
    private final long[] rates = new long[Chunk.SIZE];
    private long[] selected = new long[terms <= FEW_TERMS ? 1 << terms : 16];
    private long[] all = new long[terms <= FEW_TERMS ? 1 << terms : 16];
    private final long[][] inTurn = new long[3][terms <= FEW_TERMS ? 1 << terms : 0];

    void count(Block block) {
      Sides side = sides.get(block.part());
      var sampleRates = side.part().sampleRates();
      for (int from = block.from(); from < block.to(); ) {
        deadline.check();
        from = chunk.fill(side.within(), from, block.to());
        bits.read(chunk, asked.get(block.part()));
        if (sampleRates != null) {
          chunk.read(sampleRates, rates);
        }
        if (sampleRates == null && terms <= FEW_TERMS) {
          addEach();
          chunk.forEach(side.selected(), i -> selected[bits.few(i)]++);
        } else {
          for (int i = 0; i < chunk.count(); i++) {
            add(bits.of(i), isSelected(side, chunk.row(i)), sampleRates == null ? 1 : rates[i]);
          }
        }
      }
    }

    /**
     * Counts in four tables in turns, for most rows have the same mask, and adding to what was just
     * written elsewhere is faster; eight rows that meet no term are counted at once.
     */
    private void addEach() {
      int whole = chunk.count() / Long.BYTES;
      for (int eight = 0; eight < whole; eight++) {
        long low = bits.first(eight);
        long high = bits.second(eight);
        if ((low | high) == 0) {
          all[0] += Long.BYTES;
        } else {
          addFour((int) low, (int) high);
          addFour((int) (low >>> 32), (int) (high >>> 32));
        }
      }
      for (int i = whole * Long.BYTES; i < chunk.count(); i++) {
        all[bits.few(i)]++;
      }
    }

    /** The masks of four rows: a byte of each lies in {@code low}, the other in {@code high}. */
    private void addFour(int low, int high) {
      all[(low & 0xFF) | ((high << 8) & 0xFF00)]++;
      inTurn[0][((low >>> 8) & 0xFF) | (high & 0xFF00)]++;
      inTurn[1][((low >>> 16) & 0xFF) | ((high >>> 8) & 0xFF00)]++;
      inTurn[2][(low >>> 24) | ((high >>> 16) & 0xFF00)]++;
    }

    private boolean isSelected(Sides side, int row) {
      return (side.selected().word(row >> 6) >>> row & 1) != 0;
    }

    private void add(long mask, boolean isSelected, long weight) {
      int id = terms <= FEW_TERMS ? (int) mask : id(mask);
      all[id] += weight;
      selected[id] += isSelected ? weight : 0;
    }

    private int id(long mask) {
      int id = seen.id(mask);
      all = Accumulator.reach(all, id);
      selected = Accumulator.reach(selected, id);
      return id;
    }

    private int size() {
      return terms <= FEW_TERMS ? all.length : seen.size();
    }

    private long mask(int id) {
      return terms <= FEW_TERMS ? id : seen.key(id);
    }

    void merge(Lane other) {
      for (int i = 0; i < other.size(); i++) {
        long weight = other.all[i];
        for (long[] table : other.inTurn) {
          weight += i < table.length ? table[i] : 0;
        }
        if (weight != 0) {
          int id = terms <= FEW_TERMS ? i : id(other.mask(i));
          all[id] += weight;
          selected[id] += other.selected[i];
        }
      }
    }

    List<Pattern> patterns() {
      List<Pattern> patterns = new ArrayList<>();
      for (int i = 0; i < size(); i++) {
        if (all[i] != 0) {
          patterns.add(new Pattern(mask(i), new Weight(selected[i], all[i] - selected[i])));
        }
      }
      patterns.sort(Comparator.comparingLong(Pattern::mask));
      return patterns;
    }
  }
}
