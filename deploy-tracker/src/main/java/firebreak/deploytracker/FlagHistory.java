package firebreak.deploytracker;

import firebreak.eventstore.Filter;
import firebreak.eventstore.Value;
import firebreak.flags.FlagRules;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rules that changed flags had, and when. Where the application does not report what it was
 * served, it is computed for each event from the rules in force when it happened, as the
 * application's SDK would have.
 */
final class FlagHistory implements AutoCloseable {
  private final FieldRoles roles;
  private final Set<String> reported;
  private final Map<String, NavigableMap<Instant, FlagRules>> rules = new LinkedHashMap<>();
  private final Map<String, Column<Value>> before = new HashMap<>();

  /**
   * Reads the changes' definitions; a flag is left out when one of them does not say by itself what
   * is served.
   *
   * @param reported the fields that events carry
   */
  FlagHistory(FieldRoles roles, Collection<Change> changes, Set<String> reported) {
    this.roles = roles;
    this.reported = reported;
    Map<String, List<Change.FlagChange>> byFlag = new TreeMap<>();
    for (Change change : changes) {
      if (change instanceof Change.FlagChange flag) {
        byFlag.computeIfAbsent(flag.flag(), _ -> new ArrayList<>()).add(flag);
      }
    }
    byFlag.forEach(this::read);
  }

  private void read(String flag, List<Change.FlagChange> changes) {
    if (changes.stream().map(Change.FlagChange::environment).distinct().count() > 1) {
      return;
    }
    changes.sort(Comparator.comparing(Change.FlagChange::time));
    Change.FlagChange first = changes.getFirst();
    NavigableMap<Instant, FlagRules> inForce = new TreeMap<>();
    FlagRules.of(flag, first.isFirstSight() ? first.after() : first.before())
        .ifPresent(known -> inForce.put(Instant.MIN, known));
    boolean isWhole = !inForce.isEmpty();
    for (Change.FlagChange change : changes) {
      var known = FlagRules.of(flag, change.after());
      known.ifPresent(found -> inForce.put(change.time(), found));
      isWhole &= known.isPresent();
    }
    if (isWhole) {
      rules.put(flag, inForce);
    }
  }

  /** The fields that must be read to evaluate the rules. */
  Set<String> fields() {
    Set<String> fields = new LinkedHashSet<>();
    if (!rules.isEmpty()) {
      roles.unit().forEach(unit -> fields.add(unit.field()));
    }
    for (NavigableMap<Instant, FlagRules> inForce : rules.values()) {
      inForce.values().forEach(known -> fields.addAll(known.attributes()));
    }
    return fields;
  }

  /** Gives the sample a column for each flag that events do not report. */
  void serve(Sample sample) {
    Evaluation evaluation = new Evaluation(sample);
    rules.forEach(
        (flag, inForce) -> {
          String field = FieldRoles.FLAG_PREFIX + flag;
          if (!reported.contains(field)) {
            Column<Value> served = new Column<>();
            Column<Value> earlier = new Column<>();
            for (int row = 0; row < sample.size(); row++) {
              FlagRules now = inForce.floorEntry(sample.time(row)).getValue();
              served.add(value(evaluation.answer(row, now)));
              earlier.add(value(evaluation.answer(row, previous(inForce))));
            }
            sample.add(field, served);
            before.put(field, earlier);
          }
        });
  }

  private static FlagRules previous(NavigableMap<Instant, FlagRules> inForce) {
    var previous = inForce.lowerEntry(inForce.lastKey());
    return (previous == null ? inForce.firstEntry() : previous).getValue();
  }

  /** What each event would have been served before the last change; null where it is reported. */
  @Nullable Column<Value> before(String field) {
    return before.get(field);
  }

  /** What the flag serves when off, "false" where that is not known. */
  String offVariation(String flag) {
    NavigableMap<Instant, FlagRules> inForce = rules.get(flag);
    String off = inForce == null ? null : inForce.lastEntry().getValue().offVariation();
    return Objects.requireNonNullElse(off, "false");
  }

  /** The events that were served a variation. */
  static BitSet served(Sample sample, String flag, String variation) {
    return sample.rows(sample.column(FieldRoles.FLAG_PREFIX + flag), variation);
  }

  /** The events whose unit is served the variation only since the flag changed. */
  BitSet newlyServed(Sample sample, History history, Candidate candidate) {
    BitSet rows = served(sample, candidate.flag(), candidate.variation());
    NavigableMap<Instant, FlagRules> inForce = rules.get(candidate.flag());
    if (inForce != null) {
      Evaluation evaluation = new Evaluation(sample);
      FlagRules previous = previous(inForce);
      return sample.rows(
          row ->
              rows.get(row)
                  && !evaluation.answer(row, previous).variation().equals(candidate.variation()));
    }
    Column<UnitValue> units = sample.units();
    if (units.codes() == 1) {
      return new BitSet();
    }
    Filter with = Filter.equal(FieldRoles.FLAG_PREFIX + candidate.flag(), value(sample, candidate));
    ServedBefore before = new ServedBefore(sample, history, with, candidate.time());
    return sample.rows(
        row -> rows.get(row) && units.code(row) != Column.ABSENT && !before.mostlyServed(row));
  }

  /** The served variation as the events carry it, which may be a truth value or a number. */
  private static Value value(Sample sample, Candidate candidate) {
    Column<Value> column = sample.column(FieldRoles.FLAG_PREFIX + candidate.flag());
    for (int code = 1; code < column.codes(); code++) {
      if (column.value(code).display().equals(candidate.variation())) {
        return column.value(code);
      }
    }
    return Value.of(candidate.variation());
  }

  /** A rule of a flag with the events that it served. */
  record Rule(String name, BitSet rows) {}

  /** The rule by which most of the bad ones of these events were served; null when none was. */
  @Nullable Rule rule(Sample sample, String flag, BitSet served) {
    NavigableMap<Instant, FlagRules> inForce = rules.get(flag);
    if (inForce == null) {
      return null;
    }
    Evaluation evaluation = new Evaluation(sample);
    Map<Integer, BitSet> byRule = new TreeMap<>();
    for (int row = served.nextSetBit(0); row >= 0; row = served.nextSetBit(row + 1)) {
      FlagRules now = inForce.floorEntry(sample.time(row)).getValue();
      byRule.computeIfAbsent(evaluation.answer(row, now).rule(), _ -> new BitSet()).set(row);
    }
    byRule.remove(-1);
    return byRule.entrySet().stream()
        .max(Comparator.comparingLong(entry -> sample.tally(entry.getValue()).bad()))
        .map(most -> new Rule(inForce.lastEntry().getValue().rule(most.getKey()), most.getValue()))
        .orElse(null);
  }

  private static @Nullable Value value(FlagRules.Answer answer) {
    return answer.variation().isEmpty() ? null : Value.of(answer.variation());
  }

  /** Rules asked for each event of a sample, once for each context there is. */
  private final class Evaluation {
    private final Sample sample;
    private final Map<List<String>, int[]> contexts = new HashMap<>();
    private final Map<FlagRules, Asked> asked = new HashMap<>();

    /** The number of each row's context, and what the rules answer it, null until asked. */
    private static final class Asked {
      final int[] context;
      final FlagRules.@Nullable Answer[] answers;

      Asked(int[] context) {
        this.context = context;
        this.answers = new FlagRules.Answer[Arrays.stream(context).max().orElse(0) + 1];
      }
    }

    Evaluation(Sample sample) {
      this.sample = sample;
    }

    FlagRules.Answer answer(int row, FlagRules known) {
      if (sample.units().code(row) == Column.ABSENT) {
        return ask(row, known);
      }
      Asked of = asked.computeIfAbsent(known, this::asked);
      int context = of.context[row];
      FlagRules.Answer answer = of.answers[context];
      if (answer == null) {
        answer = ask(row, known);
        of.answers[context] = answer;
      }
      return answer;
    }

    private Asked asked(FlagRules known) {
      List<String> fields = new ArrayList<>();
      for (FieldRoles.Unit unit : roles.unit()) {
        if (known.kinds().contains(unit.contextKind())) {
          fields.add(unit.field());
        }
      }
      fields.addAll(known.attributes());
      return new Asked(contexts.computeIfAbsent(fields, sample::numbers));
    }

    private FlagRules.Answer ask(int row, FlagRules known) {
      Map<String, String> keys = new TreeMap<>();
      for (FieldRoles.Unit unit : roles.unit()) {
        Value key = value(unit.field(), row);
        if (key != null) {
          keys.put(unit.contextKind(), key.display());
        }
      }
      Map<String, Object> attributes = new HashMap<>();
      for (String field : known.attributes()) {
        Value value = value(field, row);
        if (value != null) {
          attributes.put(field, plain(value));
        }
      }
      return known.serve(keys, attributes);
    }

    private @Nullable Value value(String field, int row) {
      Column<Value> column = sample.column(field);
      return column.code(row) == Column.ABSENT ? null : column.value(column.code(row));
    }
  }

  private static Object plain(Value value) {
    return switch (value) {
      case Value.Text text -> text.text();
      case Value.Whole whole -> whole.number();
      case Value.Real real -> real.number();
      case Value.Truth truth -> truth.truth();
    };
  }

  @Override
  public void close() {
    rules.values().forEach(inForce -> inForce.values().forEach(FlagRules::close));
  }
}
