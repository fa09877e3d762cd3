package firebreak.webhooks.outgoing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One POST over HTTP/1.1 on a connection of its own, to an address that was resolved before. The
 * platform's client would resolve the name again, and might be told another address the second
 * time.
 */
final class HttpPost implements AutoCloseable {
  private static final int HEADER_BYTES = 16 << 10;

  /** What says where a request goes and where it ends. */
  private static final Set<String> OURS =
      Set.of("host", "connection", "content-length", "transfer-encoding", "upgrade", "expect");

  private final Socket plain;
  private final Socket socket;
  private final Reach.Target.At at;
  private final long deadline;
  private final Thread watchdog;

  private HttpPost(
      Socket plain, Socket socket, Reach.Target.At at, long deadline, Thread watchdog) {
    this.plain = plain;
    this.socket = socket;
    this.at = at;
    this.deadline = deadline;
    this.watchdog = watchdog;
  }

  /** What was answered; the header is empty where there was none. */
  record Answer(int status, String retryAfter) {}

  /**
   * Connects, with the certificate checked against the host's name where the address says https.
   *
   * @param time for connecting, sending and hearing the answer
   */
  static HttpPost connect(Reach.Target.At at, SSLSocketFactory trust, Duration time)
      throws IOException {
    long deadline = System.nanoTime() + time.toNanos();
    Socket plain = new Socket();
    Thread watchdog = Thread.startVirtualThread(() -> closeAt(deadline, plain));
    try {
      plain.connect(new InetSocketAddress(at.address(), at.port()), left(deadline));
      plain.setSoTimeout(left(deadline));
      Socket socket = at.isTls() ? secured(plain, at, trust) : plain;
      return new HttpPost(plain, socket, at, deadline, watchdog);
    } catch (IOException e) {
      watchdog.interrupt();
      plain.close();
      throw e;
    }
  }

  /** Ends what no timeout of a read ends: a write that nobody reads, an answer drop by drop. */
  private static void closeAt(long deadline, Socket socket) {
    try {
      Thread.sleep(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
      socket.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it was done in time
    } catch (IOException e) {
      // It is closed as far as it can be.
    }
  }

  private static Socket secured(Socket plain, Reach.Target.At at, SSLSocketFactory trust)
      throws IOException {
    SSLSocket secured = (SSLSocket) trust.createSocket(plain, at.host(), at.port(), true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }

  private static int left(long deadline) throws SocketTimeoutException {
    long millis = (deadline - System.nanoTime()) / 1_000_000;
    if (millis <= 0) {
      throw new SocketTimeoutException("the time is up");
    }
    return (int) millis;
  }

  Answer send(String path, Map<String, String> headers, byte[] body) throws IOException {
    StringBuilder head = new StringBuilder("POST ").append(path).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(host()).append("\r\n");
    head.append("Connection: close\r\n");
    head.append("Content-Length: ").append(body.length).append("\r\n");
    for (Map.Entry<String, String> header : headers.entrySet()) {
      if (OURS.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        throw new IOException("a header may not be set: " + header.getKey());
      }
      head.append(checked(header.getKey())).append(": ");
      head.append(checked(header.getValue())).append("\r\n");
    }
    head.append("\r\n");
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    request.writeBytes(body);
    socket.getOutputStream().write(request.toByteArray());
    socket.getOutputStream().flush();
    InputStream in = new BufferedInputStream(socket.getInputStream());
    Answer answer = answer(in);
    while (answer.status() / 100 == 1) {
      answer = answer(in);
    }
    return answer;
  }

  private String host() {
    String name = at.host().contains(":") ? "[" + at.host() + "]" : at.host();
    return at.port() == (at.isTls() ? 443 : 80) ? name : name + ":" + at.port();
  }

  /** No line of a header can be made to end another one. */
  private static String checked(String text) throws IOException {
    if (text.chars().anyMatch(c -> c < ' ' || c > '~')) {
      throw new IOException("a header has characters that headers do not have");
    }
    return text;
  }

  private Answer answer(InputStream in) throws IOException {
    String retryAfter = "";
    int[] budget = {HEADER_BYTES};
    String first = line(in, budget);
    if (!first.matches("HTTP/1\\.[01] [1-5][0-9][0-9]( .*)?")) {
      throw new IOException("the answer is not HTTP");
    }
    for (String line = line(in, budget); !line.isEmpty(); line = line(in, budget)) {
      int colon = line.indexOf(':');
      if (colon > 0 && line.substring(0, colon).equalsIgnoreCase("Retry-After")) {
        retryAfter = line.substring(colon + 1).strip();
      }
    }
    return new Answer(Integer.parseInt(first.substring(9, 12)), retryAfter);
  }

  private String line(InputStream in, int[] budget) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      socket.setSoTimeout(left(deadline));
      int next = in.read();
      if (next < 0) {
        throw new IOException("the answer ended too early");
      }
      if (--budget[0] < 0) {
        throw new IOException("the answer has too long a head");
      }
      if (next == '\n') {
        int end = line.length();
        return end > 0 && line.charAt(end - 1) == '\r'
            ? line.substring(0, end - 1)
            : line.toString();
      }
      line.append((char) next);
    }
  }

  @Override
  public void close() throws IOException {
    watchdog.interrupt();
    plain.close(); // nothing more is wanted from the other side
  }
}
