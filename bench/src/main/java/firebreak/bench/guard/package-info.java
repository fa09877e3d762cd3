/**
 * The guard's laboratory: services as counts per unit, some of them with an incident whose cause is
 * known, played to the guard's own code. {@link firebreak.bench.guard.GuardBench} runs it.
 */
@NullMarked
package firebreak.bench.guard;

import org.jspecify.annotations.NullMarked;
