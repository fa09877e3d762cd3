/** The innermost loops of the event store beside a plain sum over the same bytes. */
@NullMarked
package firebreak.bench.kernels;

import org.jspecify.annotations.NullMarked;
