/**
 * What we tell the outside: messages in the shape of each receiver, sent to addresses that may be
 * reached, once for each call.
 *
 * <p>Start at {@link firebreak.webhooks.outgoing.Sending}. Nothing here waits or tries again: that
 * is the business of whoever keeps the messages.
 */
@NullMarked
package firebreak.webhooks.outgoing;

import org.jspecify.annotations.NullMarked;
