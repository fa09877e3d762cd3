package firebreak.bench.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Durations that many threads add, and how long those take that are the slowest so many. */
public final class Latencies {
  private final List<Long> nanos = Collections.synchronizedList(new ArrayList<>());

  public void add(long duration) {
    nanos.add(duration);
  }

  public int size() {
    return nanos.size();
  }

  /** Milliseconds at or below which so large a share lies; NaN where nothing was measured. */
  public double share(double share) {
    List<Long> sorted = new ArrayList<>(nanos);
    Collections.sort(sorted);
    return sorted.isEmpty()
        ? Double.NaN
        : sorted.get((int) Math.min(sorted.size() - 1, share * sorted.size())) / 1e6;
  }
}
