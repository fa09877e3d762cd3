package firebreak.deploytracker;

import firebreak.deploytracker.Verdict.Lever;
import firebreak.eventstore.Value;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the flag that the failing path stands behind: one of its variations has nearly all bad
 * events that the blamed build made, and the others served by that build are well. Where hardly
 * anybody on the build is served anything else, those few may be well for other reasons: what the
 * build does behind the flag cannot be told from what the build does, and the flag is no lever.
 */
final class Levers {
  private static final double COVERS_AT_LEAST = 0.95;

  /** Where another variation is served, this many times fewer fail at least. */
  private static final double TIMES_BETTER = 3;

  /** The share of those whom a broken path serves that fail on it, at least. */
  private static final double FAILING_AT_LEAST = 0.02;

  /** So many flags are named of those that cannot be told from the build. */
  private static final int UNTOLD_AT_MOST = 3;

  private final Sample sample;
  private final FewUnits few;
  private final Map<Candidate, List<Option>> known = new HashMap<>();

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

  /** What cannot be known: of which flags' variations the build cannot be told. */
  List<String> untold(Candidate blamed) {
    return blamed.isFlag()
        ? List.of()
        : options(blamed).stream()
            .filter(option -> !option.isTold)
            .sorted(
                Comparator.comparingLong((Option option) -> -option.others.events())
                    .thenComparing(option -> option.field))
            .limit(UNTOLD_AT_MOST)
            .map(
                option ->
                    "it cannot be told whether it fails only with %s = %s: %s on it are served that"
                        .formatted(flagOf(option.field), option.variation, option.reached))
            .toList();
  }

  /**
   * The likeliest of the flags that fit. Of a few customers any of them may be the one; of many,
   * one that cannot be told from the build says nothing against one that can.
   */
  private @Nullable Found behind(Candidate blamed) {
    List<Option> options =
        options(blamed).stream()
            .filter(option -> option.isTold || !few.isEmpty())
            .sorted(
                Comparator.comparingDouble((Option option) -> -option.logLikelihood)
                    .thenComparing(option -> option.field))
            .toList();
    if (options.isEmpty() || !options.getFirst().isTold) {
      return null;
    }
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

  private List<Option> options(Candidate blamed) {
    return known.computeIfAbsent(blamed, candidate -> optionsOn(candidate.exposed()));
  }

  private List<Option> optionsOn(BitSet exposed) {
    List<String> several =
        sample.otherFields().stream()
            .filter(field -> field.startsWith(FieldRoles.FLAG_PREFIX))
            .filter(field -> isDealtOut(sample.column(field), exposed))
            .toList();
    List<Option> options = new ArrayList<>();
    for (String field : several) {
      Option option = option(field, exposed, several.size());
      if (option != null) {
        options.add(option);
      }
    }
    return options;
  }

  /** Whether more than one variation is served. */
  private static boolean isDealtOut(Column<Value> column, BitSet exposed) {
    int first = column.code(Math.max(0, exposed.nextSetBit(0)));
    return exposed.stream().anyMatch(row -> column.code(row) != first);
  }

  /**
   * A flag whose variation has the bad events on the build.
   *
   * @param flags that are looked at in this way: the more, the sooner one of them fits by chance
   */
  private @Nullable Option option(String field, BitSet exposed, int flags) {
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
    if (most == Column.ABSENT
        || bad[most] < COVERS_AT_LEAST * allBad
        || others.rate() * TIMES_BETTER > with.rate()) {
      return null;
    }
    BitSet rows = sample.rows(row -> column.code(row) == chosen);
    BitSet served = Sample.and(rows, exposed);
    return new Option(
        field,
        column.value(most).display(),
        rows,
        logLikelihood(served, exposed),
        others,
        others.events() * sample.scale() * with.rate() >= Comparison.EXPECTED_AT_LEAST
            && (few.isEmpty() ? isTold(served, exposed, flags) : isTargeted(served, exposed)),
        reached(served, exposed));
  }

  /** Whether enough units on the build are without it, and well in the same minutes. */
  private boolean isTold(BitSet served, BitSet exposed, int flags) {
    Comparison comparison = Comparison.byUnit(sample, exposed, served, sample::minute);
    return comparison.stands()
        && comparison.evidence() - Math.log(flags) >= Weighing.EVIDENCE_AT_LEAST;
  }

  /**
   * Whether it is likelier that the flag matters than that the few are served it by chance: of even
   * odds beforehand, as likely as whatever is named has to be. Others are well with it and without
   * it, so that no comparison tells more; that several flags fit is weighed when one is chosen.
   */
  private boolean isTargeted(BitSet served, BitSet exposed) {
    double share = (double) units(served).cardinality() / units(exposed).cardinality();
    double chance = Math.pow(share, few.units().size());
    return 1 / (1 + chance) >= Judgement.NAMED_FROM;
  }

  private String reached(BitSet served, BitSet exposed) {
    BitSet units = units(exposed);
    return units.isEmpty()
        ? "%d of %d events".formatted(sample.tally(served).events(), sample.tally(exposed).events())
        : "%d of %d %ss"
            .formatted(
                units(served).cardinality(),
                units.cardinality(),
                sample.units().value(units.nextSetBit(0)).unit().contextKind());
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
   * @param isTold whether what the build does behind it can be told from what the build does
   * @param reached how many on the build are served it, in words
   */
  private record Option(
      String field,
      String variation,
      BitSet rows,
      double logLikelihood,
      Tally others,
      boolean isTold,
      String reached) {}
}
