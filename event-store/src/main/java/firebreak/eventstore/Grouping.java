package firebreak.eventstore;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Numbers the groups that a query's breakdowns make, across all segments and time ranges. */
final class Grouping {
  private final List<String> fields;
  private final Map<String, Dictionary> dictionaries = new HashMap<>();

  /** For each breakdown, the pairs of a group of those before it and a value of its own. */
  private final List<IdTable> pairs = new ArrayList<>();

  Grouping(List<String> fields) {
    this.fields = fields;
    fields.forEach(_ -> pairs.add(new IdTable()));
  }

  Dictionary dictionary(String field) {
    return dictionaries.computeIfAbsent(field, _ -> new Dictionary());
  }

  /** The group of each event; without breakdowns all are of group 0. */
  int[] groups(Block block) throws IOException {
    int[] groups = new int[block.size()];
    for (int field = 0; field < fields.size(); field++) {
      int[] codes = block.codes(fields.get(field), dictionary(fields.get(field)));
      IdTable table = pairs.get(field);
      for (int i = 0; i < groups.length; i++) {
        groups[i] = table.id(groups[i], codes[i]);
      }
    }
    return groups;
  }

  /** How many groups there are so far. */
  int size() {
    return pairs.isEmpty() ? 1 : pairs.getLast().size();
  }

  /** The values of a group's breakdowns. */
  List<@Nullable Value> values(int group) {
    List<@Nullable Value> values = new ArrayList<>();
    int prefix = group;
    for (int field = fields.size() - 1; field >= 0; field--) {
      IdTable table = pairs.get(field);
      values.add(dictionary(fields.get(field)).value(table.low(prefix)));
      prefix = table.high(prefix);
    }
    Collections.reverse(values);
    return Collections.unmodifiableList(values);
  }
}
