/**
 * A seeded production in which something goes wrong, or nothing does, and it is known what.
 *
 * <p>How to use it: {@code Fleet fleet = Fleet.of(Kind.FLAG_PARTIAL, seed)} is one incident in one
 * production; {@link firebreak.sim.fleet.Kind#QUIET} is an hour without one. Minute 0 is about when
 * things start to go wrong. {@link firebreak.sim.fleet.Fleet#counts} gives the good and bad
 * requests of a minute by ten seconds without making events, for finding out cheaply whether and
 * when an objective burns; {@link firebreak.sim.fleet.Fleet#events} gives a minute's wide events,
 * good ones thinned to one in {@code goodRate} with that as their sample rate, the same requests as
 * were counted. {@link firebreak.sim.fleet.Fleet#notices} is what the tools around production tell
 * of changes, each with the time at which it arrives (late, twice, or never, for a few per cent).
 * {@link firebreak.sim.fleet.Fleet#truth} says which answers are right, and for which flag and
 * variation acting would be right. A request is good when {@code status_code < 500} and {@code
 * duration_ms < 2000}. The same kind and seed give the same production, byte for byte.
 *
 * <p>Nothing here knows how anybody explains an incident.
 */
@NullMarked
package firebreak.sim.fleet;

import org.jspecify.annotations.NullMarked;
