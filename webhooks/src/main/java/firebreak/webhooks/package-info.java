/**
 * What the outside tells us: verified, parsed, de-duplicated, recorded as changes.
 *
 * <p>Start at {@link firebreak.webhooks.Inbox}.
 */
@NullMarked
package firebreak.webhooks;

import org.jspecify.annotations.NullMarked;
