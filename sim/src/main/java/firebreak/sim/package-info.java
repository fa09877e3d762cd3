/**
 * A seeded production with known incidents, for the demo, the tests and the benchmarks.
 *
 * <p>Start at {@link firebreak.sim.TalkIncident}. It speaks HTTP to a server and starts none.
 */
@NullMarked
package firebreak.sim;

import org.jspecify.annotations.NullMarked;
