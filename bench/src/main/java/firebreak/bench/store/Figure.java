package firebreak.bench.store;

/** A single number that was measured. */
record Figure(String name, double value, String unit) {}
