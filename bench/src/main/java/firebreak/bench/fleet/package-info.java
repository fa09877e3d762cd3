/**
 * Table F of {@code bench accuracy}: who is blamed for the incidents of a simulated production, and
 * what would be done about it.
 *
 * <p>Begin at {@link firebreak.bench.fleet.FleetTable}. For each seed and kind of incident, {@link
 * firebreak.bench.fleet.Watch} lets burn detection tick until an urgent alert, {@link
 * firebreak.bench.fleet.Scene} sets up a store as it would be three minutes later and has a guard
 * in mode {@code act} patrol it once, and {@link firebreak.bench.fleet.Ruling} holds what came of
 * it against the truth.
 */
@NullMarked
package firebreak.bench.fleet;

import org.jspecify.annotations.NullMarked;
