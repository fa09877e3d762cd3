/**
 * The event store keeps wide events and answers questions about them.
 *
 * <p>Start at {@link firebreak.eventstore.EventStore}: events go in through {@code append}, which
 * returns when they are on disk, and an immutable {@link firebreak.eventstore.Query} comes back as
 * a {@link firebreak.eventstore.QueryResult}. This is the only home of Lucene, and nothing of
 * Lucene shows in a public type.
 */
@NullMarked
package firebreak.eventstore;

import org.jspecify.annotations.NullMarked;
