/**
 * What the outside tells us: verified, parsed, de-duplicated, recorded as changes.
 *
 * <p>Start at {@link firebreak.webhooks.Inbox}, which takes what senders sign, and at {@link
 * firebreak.webhooks.GenericFacts} for the same facts in our own JSON. A new sender implements
 * {@code Sender}: how it signs, and what its payloads tell. Nothing here acts on a payload. What we
 * tell the outside is in {@code firebreak.webhooks.outgoing}.
 */
@NullMarked
package firebreak.webhooks;

import org.jspecify.annotations.NullMarked;
