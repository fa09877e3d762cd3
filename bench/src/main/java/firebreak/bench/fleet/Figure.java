package firebreak.bench.fleet;

import firebreak.bubbleup.Interval;
import java.util.SortedMap;

/**
 * A figure of the fleet, ours and what others have on the same cases.
 *
 * @param interval in which the true value lies in 95 of 100 cases; both ends the value for what is
 *     no share
 */
public record Figure(
    String name, double value, Interval interval, SortedMap<String, Double> others) {}
