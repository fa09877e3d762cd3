package firebreak.sim;

import firebreak.sim.Production.Host;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Which build a host runs at a time: one host after another moves from one build to the next. */
record Rollout(
    List<Host> hosts, String before, String after, Instant start, Duration step, int hostsMoved) {

  String build(Host host, Instant time) {
    int index = hosts.indexOf(host);
    boolean moved = index < hostsMoved && !time.isBefore(start.plus(step.multipliedBy(index)));
    return moved ? after : before;
  }

  /** The share of hosts on the new build. */
  double share(Instant time) {
    long moved = hosts.stream().filter(host -> build(host, time).equals(after)).count();
    return (double) moved / hosts.size();
  }
}
