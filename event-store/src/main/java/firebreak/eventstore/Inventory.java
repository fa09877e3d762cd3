package firebreak.eventstore;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many part files a commit of the index names, and what their entries sum up to. It stands in
 * the commit itself, whose checksum is verified whenever it is read: an entry that damage has
 * hidden is missed at the start, before its part file could be taken for an orphan.
 *
 * @param sum the checksums of all entries, added up modulo 2<sup>64</sup>, in any order
 */
record Inventory(long parts, long sum) {
  static final Inventory EMPTY = new Inventory(0, 0);

  private static final String PARTS = "parts";
  private static final String SUM = "sum of entries";

  static Inventory of(Collection<PartEntry> entries) {
    return EMPTY.with(entries);
  }

  Inventory with(Collection<PartEntry> added) {
    return new Inventory(
        parts + added.size(), sum + added.stream().mapToLong(PartEntry::sum).sum());
  }

  Inventory without(Collection<PartEntry> removed) {
    return new Inventory(
        parts - removed.size(), sum - removed.stream().mapToLong(PartEntry::sum).sum());
  }

  Map<String, String> save() {
    return Map.of(PARTS, Long.toString(parts), SUM, Long.toString(sum));
  }

  /** What a commit says; null of one that was made before commits said it. */
  static @Nullable Inventory restore(Map<String, String> saved) {
    String parts = saved.get(PARTS);
    String sum = saved.get(SUM);
    return parts == null || sum == null
        ? null
        : new Inventory(Long.parseLong(parts), Long.parseLong(sum));
  }

  /**
   * Compares with what was found.
   *
   * @throws IOException if an entry is missing, is there twice, or is not what was written
   */
  void verify(Inventory found) throws IOException {
    if (!equals(found)) {
      throw new IOException(
          "The index of the part files is damaged: it names %d part files, its last commit %d%s. Nothing was deleted; restore a snapshot."
              .formatted(
                  found.parts, parts, parts == found.parts ? ", and not the same ones" : ""));
    }
  }
}
