package firebreak.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A small application that knows nothing of OpenTelemetry: it sells three books to itself over
 * HTTP, asks itself for each price, logs, and ends when its input does.
 */
final class ShopApplication {
  static final int BOOKS = 3;
  private static final Logger LOG = Logger.getLogger("shop");

  private ShopApplication() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    URI shop = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    try (ExecutorService threads = Executors.newCachedThreadPool();
        HttpClient client = HttpClient.newHttpClient()) {
      server.setExecutor(threads);
      server.createContext("/price", exchange -> answer(exchange, "12"));
      server.createContext("/checkout", exchange -> checkout(exchange, client, shop));
      server.start();
      for (int book = 0; book < BOOKS; book++) {
        get(client, shop.resolve("/checkout"));
      }
      System.in.readAllBytes();
      LOG.log(Level.WARNING, "closing", new IllegalStateException("no more books"));
      server.stop(0);
    }
  }

  private static void checkout(HttpExchange exchange, HttpClient client, URI shop)
      throws IOException {
    try {
      String price = get(client, shop.resolve("/price"));
      LOG.info("sold a book for " + price);
      answer(exchange, price);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static String get(HttpClient client, URI uri) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(uri).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    try (exchange) {
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
