package firebreak.bench.store;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line of the table.
 *
 * @param timings by the store's name
 * @param notes what kept a store from answering, or is to be known, by its name
 */
record Row(String question, Map<String, Timing> timings, Map<String, String> notes) {
  static final String OURS = "firebreak";

  @Nullable Timing ours() {
    return timings.get(OURS);
  }

  /** How many times as long each peer takes. */
  Map<String, Double> ratios() {
    Map<String, Double> ratios = new LinkedHashMap<>();
    Timing ours = ours();
    timings.forEach(
        (peer, timing) -> {
          if (ours != null && ours.medianMillis() > 0 && !peer.equals(OURS)) {
            ratios.put(peer, timing.medianMillis() / ours.medianMillis());
          }
        });
    return ratios;
  }
}
