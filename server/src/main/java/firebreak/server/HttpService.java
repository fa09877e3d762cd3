package firebreak.server;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** HTTP/1.1 and clear-text HTTP/2 on one or more ports of one host, all with the same routes. */
final class HttpService implements AutoCloseable {
  private static final long STEP_SECONDS = 10;

  private final Vertx vertx;
  private final List<HttpServer> servers = new ArrayList<>();
  private final List<String> routes = new ArrayList<>();

  private HttpService(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * Listens.
   *
   * @param ports the first is the main one; 0 picks a free one
   * @throws UncheckedIOException if a port cannot be had, in words for its operator
   */
  static HttpService start(String host, List<Integer> ports, Access access, List<Routes> routes) {
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
    HttpService service = new HttpService(vertx);
    try {
      Router router = service.router(access, routes);
      for (int port : ports) {
        service.listen(host, port, router);
      }
      return service;
    } catch (RuntimeException e) {
      service.close();
      throw e;
    }
  }

  /** The port that is listened on, the main one. */
  int port() {
    return servers.getFirst().actualPort();
  }

  /** The methods and paths of the routes, in the order of their registration. */
  List<String> routes() {
    return List.copyOf(routes);
  }

  private Router router(Access access, List<Routes> routes) {
    Router router = Router.router(vertx);
    router.route().handler(HttpService::secure);
    router.route().handler(access::refuseForeignSites);
    routes.forEach(feature -> feature.register(router));
    for (Route route : router.getRoutes()) {
      if (route.getPath() != null && route.methods() != null) {
        route.methods().forEach(method -> this.routes.add(method.name() + " " + route.getPath()));
      }
    }
    Problem.register(router);
    return router;
  }

  private static void secure(RoutingContext ctx) {
    ctx.response()
        .putHeader(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                + "connect-src 'self'; base-uri 'none'; form-action 'none'; "
                + "frame-ancestors 'none'")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin");
    ctx.next();
  }

  private void listen(String host, int port, Router router) {
    Connections connections = new Connections(vertx);
    HttpServerOptions options =
        new HttpServerOptions()
            .setIdleTimeout((int) Limits.IDLE_TIME.toSeconds())
            .setIdleTimeoutUnit(TimeUnit.SECONDS)
            .setMaxHeaderSize(Limits.HEADER_BYTES)
            .setMaxChunkSize(Limits.BODY_PART_BYTES)
            .setCompressionSupported(true)
            .setCompressionLevel(Limits.COMPRESSION_LEVEL)
            .setHandle100ContinueAutomatically(false);
    HttpServer server =
        vertx
            .createHttpServer(options)
            .connectionHandler(connections::opened)
            .requestHandler(
                request -> {
                  connections.requested(request);
                  router.handle(request);
                });
    try {
      servers.add(await(server.listen(SocketAddress.inetSocketAddress(port, host))));
    } catch (ExecutionException e) {
      throw new UncheckedIOException(cannotListen(host, port, e));
    }
  }

  private static IOException cannotListen(String host, int port, ExecutionException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    String why =
        cause instanceof BindException && String.valueOf(cause.getMessage()).contains("in use")
            ? "the port is in use"
            : String.valueOf(cause.getMessage());
    return new IOException("cannot listen on %s:%d: %s".formatted(host, port, why), cause);
  }

  private static <T> T await(Future<T> future) throws ExecutionException {
    try {
      return future.toCompletionStage().toCompletableFuture().get(STEP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while starting or stopping", e);
    } catch (TimeoutException e) {
      throw new IllegalStateException("no answer within " + STEP_SECONDS + " s", e);
    }
  }

  /** Stops listening, lets requests under way end, closes connections. */
  @Override
  public void close() {
    try {
      for (HttpServer server : servers) {
        await(server.shutdown(STEP_SECONDS / 2, TimeUnit.SECONDS));
      }
      await(vertx.close());
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot stop", e);
    }
  }
}
