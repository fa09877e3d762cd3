package firebreak.bench.accuracy;

import firebreak.eventstore.Value;
import java.util.Map;

/** All events of one time that have the same attribute values: how many there are, how many bad. */
record Cell(Map<String, Value> attributes, long bad, long all) {
  Cell {
    attributes = Map.copyOf(attributes);
  }
}
