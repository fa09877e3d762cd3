/**
 * Objectives, their error budgets, and what counts as burning them.
 *
 * <p>Start at {@link firebreak.slo.SloMonitor}. Everything here is arithmetic over counts of events
 * by the time of the event; nothing reads a clock.
 */
@NullMarked
package firebreak.slo;

import org.jspecify.annotations.NullMarked;
