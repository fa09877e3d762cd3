package firebreak.server;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Duration;
import com.google.protobuf.MessageLite;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why an export failed, as {@code google.rpc.Status}: a code, a sentence and, for one that may be
 * sent again, a {@code RetryInfo} with when.
 *
 * @param retryAfter null for what is not to be sent again
 */
record OtlpStatus(int code, String message, java.time.@Nullable Duration retryAfter) {
  private static final String RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";

  static OtlpStatus of(Refusal refusal) {
    return new OtlpStatus(
        code(refusal.status()), String.valueOf(refusal.getMessage()), refusal.retryAfter());
  }

  /** The gRPC code that tells a client the same as the HTTP status. */
  private static int code(int status) {
    return switch (status) {
      case 400, 415 -> 3;
      case 401 -> 16;
      case 403, 421 -> 7;
      case 404, 405 -> 12;
      case 413 -> 8;
      case 429, 503 -> 14;
      default -> 13;
    };
  }

  byte[] protobuf() {
    return written(
        out -> {
          out.writeInt32(1, code);
          out.writeString(2, message);
          if (retryAfter != null) {
            out.writeMessage(3, retryInfo(retryAfter));
          }
        });
  }

  private static MessageLite retryInfo(java.time.Duration after) {
    Duration delay =
        Duration.newBuilder().setSeconds(after.toSeconds()).setNanos(after.toNanosPart()).build();
    byte[] info = written(out -> out.writeMessage(1, delay));
    return Any.newBuilder().setTypeUrl(RETRY_INFO).setValue(ByteString.copyFrom(info)).build();
  }

  Map<String, Object> json() {
    if (retryAfter == null) {
      return Map.of("code", code, "message", message);
    }
    Map<String, Object> info =
        Map.of("@type", RETRY_INFO, "retryDelay", retryAfter.toSeconds() + "s");
    return Map.of("code", code, "message", message, "details", List.of(info));
  }

  /** What writes one message; into memory, where nothing fails. */
  private interface Fields {
    void write(CodedOutputStream out) throws IOException;
  }

  private static byte[] written(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      fields.write(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
