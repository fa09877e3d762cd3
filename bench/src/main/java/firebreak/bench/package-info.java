/**
 * Measurements beside the tools that people would use instead.
 *
 * <p>Start at {@link firebreak.bench.Main}. It stays out of the default build, since its peers are
 * large downloads.
 */
@NullMarked
package firebreak.bench;

import org.jspecify.annotations.NullMarked;
