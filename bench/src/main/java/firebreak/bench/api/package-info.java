/**
 * What the service takes over HTTP, and what it does when it is sent too much.
 *
 * <p>Start at {@link firebreak.bench.api.ApiBench}. The service runs in a process of its own, with
 * little memory, on the same machine as those who send.
 */
@NullMarked
package firebreak.bench.api;

import org.jspecify.annotations.NullMarked;
