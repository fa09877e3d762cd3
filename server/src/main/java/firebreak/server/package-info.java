/**
 * The process: configuration, wiring, HTTP, OTLP and the command line.
 *
 * <p>Start at {@link firebreak.server.App}, which builds everything by hand in the order in which
 * data flows. This is the only home of Vert.x and the only place that reads the clock.
 */
@NullMarked
package firebreak.server;

import org.jspecify.annotations.NullMarked;
