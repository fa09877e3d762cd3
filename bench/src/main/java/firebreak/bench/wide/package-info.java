/** The events that the measurements are made with: a day of wide events with a fault planted. */
@NullMarked
package firebreak.bench.wide;

import org.jspecify.annotations.NullMarked;
