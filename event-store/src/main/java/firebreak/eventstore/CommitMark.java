package firebreak.eventstore;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * What a commit of the index says besides the parts.
 *
 * @param number rises by one with every commit
 * @param covered the number up to which nothing of the journal is needed any more
 * @param sealed for a dataset, the number up to which its changes are in the parts
 * @param fields the fields of each dataset, as the catalogue writes them
 */
record CommitMark(long number, long covered, Map<String, Long> sealed, Map<String, String> fields) {
  static final CommitMark NONE = new CommitMark(0, 0, Map.of(), Map.of());

  private static final String FORMAT = "format";
  private static final String FORMAT_VERSION = "2";
  private static final String NUMBER = "number";
  private static final String COVERED = "covered";
  private static final String SEALED = "sealed ";
  private static final String FIELDS = "fields ";

  CommitMark {
    sealed = Map.copyOf(sealed);
    fields = Map.copyOf(fields);
  }

  Map<String, String> save() {
    Map<String, String> saved = new HashMap<>();
    saved.put(FORMAT, FORMAT_VERSION);
    saved.put(NUMBER, Long.toString(number));
    saved.put(COVERED, Long.toString(covered));
    sealed.forEach((dataset, sequence) -> saved.put(SEALED + dataset, Long.toString(sequence)));
    fields.forEach((dataset, names) -> saved.put(FIELDS + dataset, names));
    return saved;
  }

  static CommitMark restore(Map<String, String> saved) throws IOException {
    String format = saved.getOrDefault(FORMAT, "");
    if (!format.equals(FORMAT_VERSION)) {
      throw new IOException(
          "The index has the format version \"%s\"; this program reads \"%s\"."
              .formatted(format, FORMAT_VERSION));
    }
    Map<String, Long> sealed = new HashMap<>();
    Map<String, String> fields = new HashMap<>();
    saved.forEach(
        (key, value) -> {
          if (key.startsWith(SEALED)) {
            sealed.put(key.substring(SEALED.length()), Long.parseLong(value));
          } else if (key.startsWith(FIELDS)) {
            fields.put(key.substring(FIELDS.length()), value);
          }
        });
    return new CommitMark(
        Long.parseLong(saved.getOrDefault(NUMBER, "0")),
        Long.parseLong(saved.getOrDefault(COVERED, "0")),
        sealed,
        fields);
  }

  long sealed(String dataset) {
    return sealed.getOrDefault(dataset, 0L);
  }
}
