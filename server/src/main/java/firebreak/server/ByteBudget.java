package firebreak.server;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of request bodies may be held at a time, over all requests. */
final class ByteBudget {
  private final long limit;
  private final AtomicLong held = new AtomicLong();

  ByteBudget(long limit) {
    this.limit = limit;
  }

  /** Opens an account for one request. */
  Account open() {
    return new Account();
  }

  long held() {
    return held.get();
  }

  /** What one request holds; given back on close, after which nothing more is taken. */
  final class Account implements AutoCloseable {
    private long taken;
    private boolean closed;

    synchronized void take(long bytes) {
      if (closed) {
        throw new Refusal(400, "the client has gone");
      }
      if (held.addAndGet(bytes) > limit) {
        held.addAndGet(-bytes);
        throw Refusal.overloaded("too many bytes of requests at a time; come again");
      }
      taken += bytes;
    }

    @Override
    public synchronized void close() {
      if (!closed) {
        closed = true;
        held.addAndGet(-taken);
      }
    }
  }
}
