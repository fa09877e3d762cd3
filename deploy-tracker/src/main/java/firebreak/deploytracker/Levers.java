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

  private final Sample sample;
  private final FewUnits few;

  Levers(Sample sample, FewUnits few) {
    this.sample = sample;
    this.few = few;
  }

  /** A lever with the rows it would change and a sentence about the choice. */
  record Found(Lever lever, BitSet rows, String reason) {}

  @Nullable Found find(Candidate blamed) {
    return blamed.isFlag()
        ? found(
            blamed.flag(),
            blamed.variation(),
            FlagHistory.served(sample, blamed.flag(), blamed.variation()),
            "")
        : behind(blamed);
  }

  /**
   * The flag with the best separation; the fewest units besides the failing decide among equals.
   */
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
        Comparator.comparingLong((Option option) -> option.good)
            .thenComparing(option -> option.field));
    Option best = options.getFirst();
    String also =
        options.stream()
            .skip(1)
            .map(option -> flagOf(option.field) + " = " + option.variation)
            .collect(Collectors.joining(", "));
    String flag = flagOf(best.field);
    String reason =
        "every bad event on it was served %s = %s; with another variation on it: %s"
                .formatted(flag, best.variation, Wording.of(best.others))
            + (also.isEmpty() ? "" : "; " + also + " fits as well, and reaches more");
    return found(flag, best.variation, best.rows, reason);
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
    return new Option(field, column.value(most).display(), rows, events[most] - bad[most], others);
  }

  private static String flagOf(String field) {
    return field.substring(FieldRoles.FLAG_PREFIX.length());
  }

  /** Bad, and one of the few where there are such; others' background failures cover nothing. */
  private boolean blames(int row) {
    return sample.isBad(row) && (few.isEmpty() || few.rows().get(row));
  }

  private Found found(String flag, String variation, BitSet rows, String reason) {
    BitSet turned = (BitSet) rows.clone();
    if (!few.isEmpty()) {
      turned.and(few.rows());
    }
    boolean sameKind = few.units().stream().map(UnitValue::unit).distinct().count() == 1;
    if (!sameKind) {
      return new Found(new Lever(flag, variation, "", "", List.of()), rows, reason);
    }
    FieldRoles.Unit unit = few.units().getFirst().unit();
    List<String> keys = few.units().stream().map(key -> key.value().display()).toList();
    return new Found(
        new Lever(flag, variation, unit.field(), unit.contextKind(), keys), turned, reason);
  }

  /**
   * A variation that could be withdrawn.
   *
   * @param good events that lose a working feature when it is
   * @param others events of the blamed build that were served something else
   */
  private record Option(String field, String variation, BitSet rows, long good, Tally others) {}
}
