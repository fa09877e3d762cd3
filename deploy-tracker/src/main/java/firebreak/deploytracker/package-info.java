/**
 * Builds, deploys and flag changes on one timeline, and which of them did it.
 *
 * <p>Start at {@link firebreak.deploytracker.ChangeLog} for the timeline and at {@link
 * firebreak.deploytracker.Attribution} for the blame. What GitHub knows of a build, and is told of
 * it, is in {@link firebreak.deploytracker.github}.
 */
@NullMarked
package firebreak.deploytracker;

import org.jspecify.annotations.NullMarked;
