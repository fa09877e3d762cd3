/**
 * What GitHub knows of a build, and is told of it. The only home of GitHub's client.
 *
 * <p>{@link firebreak.deploytracker.github.GitHubApi} asks; {@link
 * firebreak.deploytracker.github.CommitHistory} reads commits and pull requests, {@link
 * firebreak.deploytracker.github.CurrentState} reads again what deliveries spoke of, {@link
 * firebreak.deploytracker.github.GitHubReports} writes verdicts. Each call blocks its thread for as
 * long as GitHub takes, so it belongs on a virtual one; a rate limit is an answer at once, and the
 * caller comes again.
 */
@NullMarked
package firebreak.deploytracker.github;

import org.jspecify.annotations.NullMarked;
