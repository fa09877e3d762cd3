package firebreak.eventstore;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Chooses parts of one day to be merged into one. They are neighbours in the order of appending, so
 * that merging changes no order, and none is larger than all the others together, so that an event
 * is not rewritten more often than parts double in size.
 */
final class MergeChoice {
  private MergeChoice() {}

  /**
   * Parts to merge; none where it is not worth it.
   *
   * @param parts of a dataset, in the order of appending
   */
  static List<StoredPart> of(List<StoredPart> parts, StoreSettings settings) {
    if (parts.size() < settings.mergeParts()) {
      return List.of();
    }
    Map<Long, List<StoredPart>> days = new LinkedHashMap<>();
    for (StoredPart part : parts) {
      days.computeIfAbsent(part.entry().slice(), _ -> new ArrayList<>()).add(part);
    }
    for (List<StoredPart> day : days.values()) {
      for (int from = 0; from + settings.mergeParts() <= day.size(); from++) {
        List<StoredPart> run = run(day.subList(from, day.size()), settings);
        if (!run.isEmpty() && isClosed(run, parts)) {
          return run;
        }
      }
    }
    return List.of();
  }

  /** The longest run of parts from the first one on that may be merged. */
  private static List<StoredPart> run(List<StoredPart> parts, StoreSettings settings) {
    long rows = 0;
    long largest = 0;
    int length = 0;
    for (int i = 0; i < parts.size(); i++) {
      StoredPart part = parts.get(i);
      rows += part.entry().rows();
      largest = Math.max(largest, part.entry().rows());
      if (rows > settings.mergedRows() || part.part() == null) {
        break;
      }
      if (i + 1 >= settings.mergeParts() && 2 * largest <= rows) {
        length = i + 1;
      }
    }
    return parts.subList(0, length);
  }

  /** Whether no other part that lies between them holds events of the same time. */
  private static boolean isClosed(List<StoredPart> run, List<StoredPart> parts) {
    int first = parts.indexOf(run.getFirst());
    int last = parts.indexOf(run.getLast());
    for (StoredPart other : parts.subList(first, last)) {
      if (!run.contains(other)
          && run.stream().anyMatch(part -> part.entry().overlaps(other.entry()))) {
        return false;
      }
    }
    return true;
  }
}
