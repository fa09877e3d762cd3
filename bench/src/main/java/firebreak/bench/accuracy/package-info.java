/**
 * How often Firebreak names the cause where the cause is known, beside the rankings that others
 * use.
 *
 * <p>Start at {@link firebreak.bench.accuracy.AccuracyBench}. Tables A and B read folders of
 * published data, in the shapes in which they are published; the others make their own.
 */
@NullMarked
package firebreak.bench.accuracy;

import org.jspecify.annotations.NullMarked;
