package firebreak.bench.store;

import firebreak.bench.wide.Batches;
import java.io.PrintStream;

/**
 * How a store took the events.
 *
 * @param acknowledged until the last event was acknowledged
 * @param settleMillis what bringing them into their final form took after that
 * @param residentPeak the most memory of our process meanwhile, mapped files included
 */
record Load(
    long events,
    Timing acknowledged,
    double settleMillis,
    long bytesOnDisk,
    long residentPeak,
    long heapPeak) {

  static Load of(Peer peer, Batches events, PrintStream progress) throws Exception {
    Memory.reset();
    CpuClock clock = new CpuClock(peer.process());
    Progress step = new Progress(progress, "loading " + peer.name(), events.events().count());
    long before = clock.whole();
    long start = System.nanoTime();
    peer.load(events, step);
    double millis = (System.nanoTime() - start) / 1e6;
    long settling = System.nanoTime();
    peer.settle();
    double settleMillis = (System.nanoTime() - settling) / 1e6;
    double cpuMillis = (clock.whole() - before) / 1e6;
    step.end();
    return new Load(
        events.events().count(),
        new Timing(millis, cpuMillis, millis),
        settleMillis,
        peer.bytesOnDisk(),
        Memory.residentPeak(),
        Memory.heapPeak());
  }

  double eventsPerSecond() {
    return events / acknowledged.medianMillis() * 1_000;
  }

  double bytesPerEvent() {
    return (double) bytesOnDisk / events;
  }

  /** The time for so many events. */
  Timing timingFor(long all) {
    return acknowledged.times((double) all / events);
  }
}
