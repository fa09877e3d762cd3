package firebreak.bench.api;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One HTTP/1.1 connection over loopback, which costs its sender little: what is to be measured is
 * on the other side.
 */
final class Connection implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 60_000;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private boolean closing;

  Connection(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /** What was answered. */
  record Reply(int status, boolean hasRetryAfter, String body) {}

  Reply post(String path, String type, byte[] body) throws IOException {
    return post(path, type, false, body);
  }

  /**
   * @param compressed whether the body is, with gzip
   */
  Reply post(String path, String type, boolean compressed, byte[] body) throws IOException {
    return send("POST", path, type, compressed ? "gzip" : "identity", body);
  }

  Reply get(String path) throws IOException {
    return send("GET", path, "text/plain", "identity", new byte[0]);
  }

  private Reply send(String method, String path, String type, String coding, byte[] body)
      throws IOException {
    String head =
        """
        %s %s HTTP/1.1
        Host: 127.0.0.1
        Content-Type: %s
        Content-Encoding: %s
        X-Honeycomb-Dataset: %s
        Authorization: Bearer %s
        Content-Length: %d

        """
            .formatted(method, path, type, coding, Wire.DATASET, Service.SECRET, body.length)
            .replace("\n", "\r\n");
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    out.write(body);
    out.flush();
    return reply();
  }

  private Reply reply() throws IOException {
    String status = line();
    if (status.length() < "HTTP/1.1 200".length()) {
      throw new EOFException("no answer: " + status);
    }
    int length = 0;
    boolean retryAfter = false;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring(lower.indexOf(':') + 1).strip());
      } else if (lower.startsWith("retry-after:")) {
        retryAfter = true;
      } else if (lower.startsWith("connection:") && lower.contains("close")) {
        closing = true;
      }
    }
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    return new Reply(Integer.parseInt(status.substring(9, 12)), retryAfter, body);
  }

  /** Whether the other side has said that it closes the connection. */
  boolean isClosing() {
    return closing;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
