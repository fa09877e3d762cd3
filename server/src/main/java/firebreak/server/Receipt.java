package firebreak.server;

import firebreak.eventstore.BatchKey;
import firebreak.eventstore.Durability;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What senders and the store tell each other about one request: the sender names it by {@code
 * Idempotency-Key}, so that sending it again has no effect, and is told by {@code X-Durability} how
 * safe its events are.
 */
final class Receipt {
  private static final String KEY = "Idempotency-Key";
  static final String DURABILITY = "X-Durability";

  private Receipt() {}

  /** The name of the request, apart from those of other senders; null when it has none. */
  static @Nullable BatchKey key(RoutingContext ctx, Instant now) {
    @Nullable String key = ctx.request().getHeader(KEY);
    if (key == null || key.isBlank()) {
      return null;
    }
    return new BatchKey(Access.principal(ctx).name() + "/" + key.strip(), now);
  }

  /** The answer with a word on how safe the events are. */
  static Answer on(Answer answer, Durability durability) {
    return answer.with(DURABILITY, word(durability));
  }

  private static String word(Durability durability) {
    return switch (durability) {
      case DURABLE -> "durable";
      case FAST -> "async";
    };
  }
}
