/**
 * The event store beside what people would use instead: the same events, the same questions in
 * turns, answers that must agree.
 */
@NullMarked
package firebreak.bench.store;

import org.jspecify.annotations.NullMarked;
