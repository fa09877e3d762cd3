package firebreak.server;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Keeps slow and greedy clients from taking all connections. */
final class Connections {
  private final Vertx vertx;
  private final AtomicInteger open = new AtomicInteger();
  private final Map<String, Integer> openByAddress = new ConcurrentHashMap<>();
  private final Map<HttpConnection, Long> silent = new ConcurrentHashMap<>();

  Connections(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Admits a connection, and closes it if no request comes in time. */
  void opened(HttpConnection connection) {
    String address = address(connection);
    int total = open.incrementAndGet();
    int fromAddress = openByAddress.merge(address, 1, Integer::sum);
    connection.closeHandler(
        _ -> {
          open.decrementAndGet();
          openByAddress.computeIfPresent(address, (_, n) -> n == 1 ? null : n - 1);
          heard(connection);
        });
    boolean isLoopback = address.startsWith("127.") || address.startsWith("0:0:0:0:0:0:0:1");
    if (total > Limits.CONNECTIONS
        || (!isLoopback && fromAddress > Limits.CONNECTIONS_PER_ADDRESS)) {
      var _ = connection.close();
      return;
    }
    long timer =
        vertx.setTimer(
            Limits.FIRST_HEADER_TIME.toMillis(),
            _ -> {
              silent.remove(connection);
              var _ = connection.close();
            });
    silent.put(connection, timer);
  }

  /** Is told of each request. */
  void requested(HttpServerRequest request) {
    heard(request.connection());
  }

  int count() {
    return open.get();
  }

  private void heard(HttpConnection connection) {
    @Nullable Long timer = silent.remove(connection);
    if (timer != null) {
      vertx.cancelTimer(timer);
    }
  }

  private static String address(HttpConnection connection) {
    @Nullable SocketAddress remote = connection.remoteAddress();
    return remote == null ? "" : String.valueOf(remote.hostAddress());
  }
}
