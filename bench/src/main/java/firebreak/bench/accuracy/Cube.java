package firebreak.bench.accuracy;

import firebreak.bubbleup.ResidualPursuit.Leaf;
import java.util.List;
import java.util.Set;

/** A measure and its forecast for each combination of attributes, and where a fault was put. */
record Cube(String name, List<String> attributes, List<Leaf> leaves, Set<Slice> causes) {}
