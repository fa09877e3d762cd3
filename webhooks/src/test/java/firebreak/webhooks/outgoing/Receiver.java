package firebreak.webhooks.outgoing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real server on loopback that does with each request what a test says. */
final class Receiver implements AutoCloseable {
  private final ServerSocket socket;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Behaviour behaviour;

  /** A request as it came in; header names are in lower case. */
  record Request(String line, Map<String, String> headers, String body) {}

  /** What to do once a request has come in. */
  @FunctionalInterface
  interface Behaviour {
    void answer(Request request, Socket connection) throws IOException, InterruptedException;
  }

  Receiver(Behaviour behaviour) {
    this(plain(), behaviour);
  }

  Receiver(ServerSocket socket, Behaviour behaviour) {
    this.socket = socket;
    this.behaviour = behaviour;
    Thread.ofVirtual().start(this::accept);
  }

  private static ServerSocket plain() {
    try {
      return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers with this status and these further lines of the head. */
  static Behaviour answering(int status, String... lines) {
    return (_, connection) -> write(connection, head(status, lines));
  }

  static String head(int status, String... lines) {
    String more = lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n";
    return "HTTP/1.1 %d X\r\n%sContent-Length: 2\r\n\r\nok".formatted(status, more);
  }

  static void write(Socket connection, String text) throws IOException {
    connection.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    connection.getOutputStream().flush();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
      String line = in.readLine();
      if (line == null) {
        return;
      }
      Map<String, String> headers = new TreeMap<>();
      for (String header = in.readLine();
          header != null && !header.isEmpty();
          header = in.readLine()) {
        int colon = header.indexOf(':');
        headers.put(
            header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 2));
      }
      int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
      StringBuilder body = new StringBuilder();
      while (body.toString().getBytes(StandardCharsets.UTF_8).length < length) {
        body.append((char) in.read());
      }
      Request request = new Request(line, headers, body.toString());
      requests.add(request);
      behaviour.answer(request, connection);
    } catch (IOException | InterruptedException e) {
      // The other side has gone, which is what some tests are about.
    }
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  int port() {
    return socket.getLocalPort();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
