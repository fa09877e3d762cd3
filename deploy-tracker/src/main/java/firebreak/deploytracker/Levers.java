package firebreak.deploytracker;

import firebreak.deploytracker.Verdict.Lever;
import firebreak.eventstore.Value;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the flag that the failing path stands behind: one of its variations has nearly all bad
 * events that the blamed build made, and the others served by that build are well.
 */
final class Levers {
  private static final double COVERS_AT_LEAST = 0.95;

  /** Where another variation is served, this many times fewer fail at least. */
  private static final double TIMES_BETTER = 3;

  /** The share of those whom a broken path serves that fail on it, at least. */
  private static final double FAILING_AT_LEAST = 0.02;

  private final Sample sample;
  private final FewUnits few;

  Levers(Sample sample, FewUnits few) {
    this.sample = sample;
    this.few = few;
  }

  /**
   * A lever with the rows it would change and a sentence about the choice.
   *
   * @param share how likely it is this one, of all that fit
   */
  record Found(Lever lever, BitSet rows, String reason, double share) {}

  @Nullable Found find(Candidate blamed) {
    return blamed.isFlag()
        ? found(
            blamed.flag(),
            blamed.variation(),
            FlagHistory.served(sample, blamed.flag(), blamed.variation()),
            "",
            1)
        : behind(blamed);
  }

  /** The likeliest of the flags that fit. */
  private @Nullable Found behind(Candidate blamed) {
    List<Option> options = new ArrayList<>();
    for (String field : sample.otherFields()) {
      if (field.startsWith(FieldRoles.FLAG_PREFIX)) {
        Option option = option(field, blamed.exposed());
        if (option != null) {
          options.add(option);
        }
      }
    }
    if (options.isEmpty()) {
      return null;
    }
    options.sort(
        Comparator.comparingDouble((Option option) -> -option.logLikelihood)
            .thenComparing(option -> option.field));
    Option best = options.getFirst();
    double share =
        1
            / options.stream()
                .mapToDouble(option -> Math.exp(option.logLikelihood - best.logLikelihood))
                .sum();
    String also =
        options.stream()
            .skip(1)
            .map(option -> flagOf(option.field) + " = " + option.variation)
            .collect(Collectors.joining(", "));
    String flag = flagOf(best.field);
    String reason =
        "every bad event on it was served %s = %s; with another variation on it: %s"
                .formatted(flag, best.variation, Wording.of(best.others))
            + (also.isEmpty()
                ? ""
                : "; " + also + " fits as well, and reaches others who are well");
    return found(flag, best.variation, best.rows, reason, share);
  }

  private @Nullable Option option(String field, BitSet exposed) {
    Column<Value> column = sample.column(field);
    long[] bad = new long[column.codes()];
    long[] events = new long[column.codes()];
    for (int row = exposed.nextSetBit(0); row >= 0; row = exposed.nextSetBit(row + 1)) {
      events[column.code(row)] += sample.weight(row);
      bad[column.code(row)] += blames(row) ? sample.weight(row) : 0;
    }
    int most = 0;
    long allBad = 0;
    long allEvents = 0;
    for (int code = 0; code < column.codes(); code++) {
      most = bad[code] > bad[most] ? code : most;
      allBad += bad[code];
      allEvents += events[code];
    }
    int chosen = most;
    Tally with = new Tally(events[most], bad[most]);
    Tally others = new Tally(allEvents - events[most], allBad - bad[most]);
    boolean separates =
        others.events() * sample.scale() * with.rate() >= 3
            && others.rate() * TIMES_BETTER <= with.rate();
    if (most == Column.ABSENT || bad[most] < COVERS_AT_LEAST * allBad || !separates) {
      return null;
    }
    BitSet rows = sample.rows(row -> column.code(row) == chosen);
    double logLikelihood = logLikelihood(Sample.and(rows, exposed), exposed);
    return new Option(field, column.value(most).display(), rows, logLikelihood, others);
  }

  /**
   * How likely it would be to see what is seen if this flag stood before the failing path, as a
   * logarithm, up to a constant: those who fail are served it for that, and not by the chance with
   * which it reaches anybody; and each of the others that it reaches there happens to be well.
   */
  private double logLikelihood(BitSet served, BitSet exposed) {
    BitSet units = units(served);
    BitSet failing = few.isEmpty() ? new BitSet() : units(few.rows());
    BitSet well = (BitSet) units.clone();
    well.andNot(failing);
    int reached = Math.max(1, units.cardinality());
    double chance = (double) reached / Math.max(reached, units(exposed).cardinality());
    int witnesses = Math.max(1, failing.cardinality());
    int others = few.isEmpty() ? 0 : well.cardinality();
    return -witnesses * Math.log(chance) + others * Math.log1p(-FAILING_AT_LEAST);
  }

  private BitSet units(BitSet rows) {
    BitSet units = new BitSet();
    for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
      units.set(sample.units().code(row));
    }
    units.clear(Column.ABSENT);
    return units;
  }

  private static String flagOf(String field) {
    return field.substring(FieldRoles.FLAG_PREFIX.length());
  }

  /** Bad, and one of the few where there are such; others' background failures cover nothing. */
  private boolean blames(int row) {
    return sample.isBad(row) && (few.isEmpty() || few.rows().get(row));
  }

  private Found found(String flag, String variation, BitSet rows, String reason, double share) {
    BitSet turned = (BitSet) rows.clone();
    if (!few.isEmpty()) {
      turned.and(few.rows());
    }
    boolean sameKind = few.units().stream().map(UnitValue::unit).distinct().count() == 1;
    if (!sameKind) {
      return new Found(new Lever(flag, variation, "", "", List.of()), rows, reason, share);
    }
    FieldRoles.Unit unit = few.units().getFirst().unit();
    List<String> keys = few.units().stream().map(key -> key.value().display()).toList();
    return new Found(
        new Lever(flag, variation, unit.field(), unit.contextKind(), keys), turned, reason, share);
  }

  /**
   * A variation that could be withdrawn.
   *
   * @param logLikelihood of what is seen if it is the one, up to a constant
   * @param others events of the blamed build that were served something else
   */
  private record Option(
      String field, String variation, BitSet rows, double logLikelihood, Tally others) {}
}
