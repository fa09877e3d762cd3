package firebreak.deploytracker;

import firebreak.eventstore.Value;
import firebreak.flags.FlagRules;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What changed flags served where the application does not report it: computed for each event from
 * the rules that were in force when it happened, as the application's SDK would have.
 */
final class UnreportedFlags implements AutoCloseable {
  private final FieldRoles roles;
  private final Map<String, TreeMap<Instant, FlagRules>> rules = new LinkedHashMap<>();
  private final Map<String, Instant> changedAt = new HashMap<>();
  private final Map<String, Column<Value>> before = new HashMap<>();

  /**
   * Of the changes, those to flags of which no event carries a field; left out are flags whose
   * definitions do not say what they serve.
   */
  UnreportedFlags(FieldRoles roles, Collection<Change> changes, Set<String> reported) {
    this.roles = roles;
    Map<String, List<Change.FlagChange>> byFlag = new TreeMap<>();
    for (Change change : changes) {
      if (change instanceof Change.FlagChange flag
          && !reported.contains(FieldRoles.FLAG_PREFIX + flag.flag())) {
        byFlag.computeIfAbsent(flag.flag(), _ -> new ArrayList<>()).add(flag);
      }
    }
    byFlag.forEach(this::read);
  }

  private void read(String flag, List<Change.FlagChange> changes) {
    if (changes.stream().map(Change.FlagChange::environment).distinct().count() > 1) {
      return;
    }
    changes.sort((a, b) -> a.time().compareTo(b.time()));
    Change.FlagChange first = changes.getFirst();
    TreeMap<Instant, FlagRules> inForce = new TreeMap<>();
    FlagRules.of(flag, first.isFirstSight() ? first.after() : first.before())
        .ifPresent(known -> inForce.put(Instant.MIN, known));
    int missing = inForce.isEmpty() ? 1 : 0;
    for (Change.FlagChange change : changes) {
      var known = FlagRules.of(flag, change.after());
      known.ifPresent(found -> inForce.put(change.time(), found));
      missing += known.isEmpty() ? 1 : 0;
    }
    if (missing > 0) {
      inForce.values().forEach(FlagRules::close);
      return;
    }
    rules.put(flag, inForce);
    changedAt.put(flag, changes.getLast().time());
  }

  /** The fields that must be read for it. */
  Set<String> fields() {
    Set<String> fields = new LinkedHashSet<>();
    if (!rules.isEmpty()) {
      roles.unit().forEach(unit -> fields.add(unit.field()));
    }
    for (TreeMap<Instant, FlagRules> inForce : rules.values()) {
      inForce.values().forEach(known -> fields.addAll(known.attributes()));
    }
    return fields;
  }

  /** Gives the sample a column for each flag. */
  void serve(Sample sample) {
    rules.forEach(
        (flag, inForce) -> {
          Instant last = changedAt.getOrDefault(flag, Instant.MIN);
          FlagRules previous =
              inForce.lowerEntry(last) == null
                  ? inForce.firstEntry().getValue()
                  : inForce.lowerEntry(last).getValue();
          Column<Value> served = new Column<>();
          Column<Value> earlier = new Column<>();
          Map<FlagRules, Map<List<Integer>, String>> answers = new HashMap<>();
          for (int row = 0; row < sample.size(); row++) {
            FlagRules now = inForce.floorEntry(sample.time(row)).getValue();
            served.add(value(answer(sample, row, now, answers)));
            earlier.add(value(answer(sample, row, previous, answers)));
          }
          sample.add(FieldRoles.FLAG_PREFIX + flag, served);
          before.put(FieldRoles.FLAG_PREFIX + flag, earlier);
        });
  }

  /**
   * What each event would have been served before the last change; null where that was reported.
   */
  @Nullable Column<Value> before(String field) {
    return before.get(field);
  }

  private String answer(
      Sample sample, int row, FlagRules known, Map<FlagRules, Map<List<Integer>, String>> answers) {
    List<Integer> codes = new ArrayList<>();
    Map<String, Object> attributes = new HashMap<>();
    Map<String, String> keys = new TreeMap<>();
    for (FieldRoles.Unit unit : roles.unit()) {
      Value key = value(sample.column(unit.field()), row, codes);
      if (key != null) {
        keys.put(unit.contextKind(), key.display());
      }
    }
    for (String attribute : known.attributes()) {
      Value value = value(sample.column(attribute), row, codes);
      if (value != null) {
        attributes.put(attribute, attribute(value));
      }
    }
    return answers
        .computeIfAbsent(known, _ -> new HashMap<>())
        .computeIfAbsent(codes, _ -> known.serve(keys, attributes).variation());
  }

  private static @Nullable Value value(Column<Value> column, int row, List<Integer> codes) {
    codes.add(column.code(row));
    return column.code(row) == Column.ABSENT ? null : column.value(column.code(row));
  }

  private static Object attribute(Value value) {
    return switch (value) {
      case Value.Text text -> text.text();
      case Value.Whole whole -> whole.number();
      case Value.Real real -> real.number();
      case Value.Truth truth -> truth.truth();
    };
  }

  private static @Nullable Value value(String variation) {
    return variation.isEmpty() ? null : Value.of(variation);
  }

  @Override
  public void close() {
    rules.values().forEach(inForce -> inForce.values().forEach(FlagRules::close));
  }
}
