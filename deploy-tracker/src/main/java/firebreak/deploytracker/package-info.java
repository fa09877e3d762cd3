/**
 * Builds, deploys and flag changes on one timeline, and which of them did it.
 *
 * <p>Start at {@link firebreak.deploytracker.ChangeLog} for the timeline and at {@link
 * firebreak.deploytracker.Attribution} for the blame; {@link firebreak.deploytracker.CommitHistory}
 * tells what went into a build. This is the only home of GitHub's client.
 */
@NullMarked
package firebreak.deploytracker;

import org.jspecify.annotations.NullMarked;
