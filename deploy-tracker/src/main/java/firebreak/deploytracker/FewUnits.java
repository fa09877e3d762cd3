package firebreak.deploytracker;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * The few customers or users, at most three, that make at least four fifths of the excess while the
 * others are well.
 *
 * @param rows their events in the sample
 * @param share of the excess that is theirs
 * @param evidence in nats that they are sicker than the others
 */
record FewUnits(List<UnitValue> units, BitSet rows, double share, double evidence) {
  static final int AT_MOST = 3;
  static final double SHARE_AT_LEAST = 0.8;
  static final FewUnits NONE = new FewUnits(List.of(), new BitSet(), 0, 0);

  /**
   * Bad events that each of them has at least, however many each stands for: with fewer, who has
   * them is chance.
   */
  private static final int BAD_AT_LEAST = 5;

  /** How many times sicker than the others they are at least. */
  private static final double TIMES_SICKER = 3;

  FewUnits {
    units = List.copyOf(units);
  }

  boolean isEmpty() {
    return units.isEmpty();
  }

  String names() {
    List<String> names = units.stream().map(unit -> unit.value().display()).toList();
    return switch (names.size()) {
      case 0, 1 -> String.join("", names);
      default -> String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.getLast();
    };
  }

  /**
   * Finds them.
   *
   * @param usualRate the bad share before the burn
   */
  static FewUnits find(Sample sample, double usualRate) {
    Column<UnitValue> column = sample.units();
    long[] events = new long[column.codes()];
    long[] bad = new long[column.codes()];
    int[] seen = new int[column.codes()];
    for (int row = 0; row < sample.size(); row++) {
      seen[column.code(row)] += sample.isBad(row) ? sample.witnesses(row) : 0;
      events[column.code(row)] += sample.weight(row);
      bad[column.code(row)] += sample.isBad(row) ? sample.weight(row) : 0;
    }
    List<Integer> codes = new ArrayList<>();
    for (int code = 1; code < column.codes(); code++) {
      codes.add(code);
    }
    codes.sort(
        Comparator.comparingDouble((Integer code) -> usualRate * events[code] - bad[code])
            .thenComparing(code -> column.value(code).value()));
    Tally total = sample.tally(sample.all());
    double excess = total.bad() - usualRate * total.events();
    Tally few = Tally.NONE;
    for (int count = 1; count <= Math.min(AT_MOST, codes.size() - 1); count++) {
      int code = codes.get(count - 1);
      if (seen[code] < BAD_AT_LEAST) {
        return NONE;
      }
      few = few.plus(new Tally(events[code], bad[code]));
      double share = (few.bad() - usualRate * few.events()) / excess;
      Tally rest = total.minus(few);
      if (share >= SHARE_AT_LEAST && few.rate() >= TIMES_SICKER * rest.rate()) {
        List<Integer> chosen = codes.subList(0, count);
        BitSet rows = sample.rows(row -> chosen.contains(column.code(row)));
        double evidence =
            few.scaled(sample.scale()).against(rest.scaled(sample.scale())).evidence()
                - count * Math.log(codes.size());
        return new FewUnits(
            chosen.stream().map(column::value).toList(), rows, share, Math.max(0, evidence));
      }
    }
    return NONE;
  }
}
