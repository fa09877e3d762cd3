package firebreak.server;

import io.airlift.compress.v3.zstd.ZstdInputStream;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** The body of a request as it was sent, and the one way to undo its Content-Encoding. */
final class Body {
  private static final String KEY = Body.class.getName();
  private static final String IDENTITY = "identity";
  private static final int CHUNK = 64 << 10;

  private final Buffer raw;
  private final int limit;
  private final ByteBudget.Account account;
  private final @Nullable String encoding;

  Body(Buffer raw, int limit, ByteBudget.Account account, @Nullable String encoding) {
    this.raw = raw;
    this.limit = limit;
    this.account = account;
    this.encoding = encoding;
  }

  void attach(RoutingContext ctx) {
    ctx.put(KEY, this);
  }

  /** The decoded body of the request; blocks for as long as decoding takes. */
  static byte[] of(RoutingContext ctx) {
    return body(ctx).decoded();
  }

  /** The body exactly as it was sent, for signatures. */
  static byte[] rawOf(RoutingContext ctx) {
    return body(ctx).raw.getBytes();
  }

  /** How many bytes were sent. */
  static int sizeOf(RoutingContext ctx) {
    return body(ctx).raw.length();
  }

  /** Whether decoding makes more of them; a message of gRPC may be compressed by itself. */
  static boolean isEncoded(RoutingContext ctx) {
    String message = ctx.request().getHeader("grpc-encoding");
    return !body(ctx).encodingName().equals(IDENTITY)
        || (message != null && !message.equals(IDENTITY));
  }

  /** Undoes gzip in one message of the request, as gRPC compresses them, within the same limits. */
  static byte[] gunzip(RoutingContext ctx, byte[] message) {
    return body(ctx).decode("gzip", message);
  }

  private static Body body(RoutingContext ctx) {
    Body body = ctx.get(KEY);
    if (body == null) {
      throw new IllegalStateException("no body was read for " + ctx.request().path());
    }
    return body;
  }

  private byte[] decoded() {
    byte[] bytes = raw.getBytes();
    String name = encodingName();
    return name.equals(IDENTITY) ? bytes : decode(name, bytes);
  }

  private String encodingName() {
    return encoding == null || encoding.isBlank()
        ? IDENTITY
        : encoding.strip().toLowerCase(Locale.ROOT);
  }

  private byte[] decode(String name, byte[] bytes) {
    try (InputStream in = decoder(name, new ByteArrayInputStream(bytes))) {
      ByteArrayOutputStream out = new ByteArrayOutputStream(Math.min(limit, bytes.length * 4));
      byte[] chunk = new byte[CHUNK];
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        if (out.size() + n > limit) {
          throw Refusal.tooLarge("the body, decoded from " + name + ",", limit);
        }
        account.take(n);
        out.write(chunk, 0, n);
      }
      return out.toByteArray();
    } catch (IOException | RuntimeException e) {
      if (e instanceof Refusal refusal) {
        throw refusal;
      }
      throw new Refusal(400, "the body is not what Content-Encoding " + name + " says");
    }
  }

  private InputStream decoder(String name, InputStream in) throws IOException {
    return switch (name) {
      case "gzip", "x-gzip" -> new GZIPInputStream(in, 8 << 10);
      case "deflate" -> new InflaterInputStream(in);
      case "zstd" -> new ZstdInputStream(in);
      default ->
          throw new Refusal(
              415, "Content-Encoding " + encoding + " is not known; send gzip, deflate or zstd");
    };
  }
}
