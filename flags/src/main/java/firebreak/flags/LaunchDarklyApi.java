package firebreak.flags;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Single exchanges with LaunchDarkly's REST API: what came back, or how far the request got. */
final class LaunchDarklyApi implements AutoCloseable {
  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  static final int REPLY_BYTES_AT_MOST = 16 << 20;
  static final int MESSAGE_CHARS_AT_MOST = 300;

  /** LaunchDarkly counts requests in windows of ten seconds. */
  static final Duration RETRY_AFTER_UNKNOWN = Duration.ofSeconds(10);

  static final Duration RETRY_AFTER_AT_LEAST = Duration.ofSeconds(1);
  static final Duration RETRY_AFTER_AT_MOST = Duration.ofMinutes(5);
  private static final String API_VERSION = "20240415";

  private final Flags.Access access;
  private final HttpClient http;

  LaunchDarklyApi(Flags.Access access) {
    this.access = access;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /** How an exchange ended. */
  sealed interface Reply {

    /** With an answer; its body is missing unless it was JSON. */
    record Answer(int status, JsonNode body, HttpHeaders headers) implements Reply {

      /** What LaunchDarkly says about it, in one line. */
      String message() {
        String message = body.path("message").asText();
        if (message.isEmpty()) {
          message = body.isMissingNode() ? "the answer is not LaunchDarkly's JSON" : "no message";
        }
        message = message.lines().findFirst().orElse("");
        return message.substring(0, Math.min(message.length(), MESSAGE_CHARS_AT_MOST));
      }

      /** How long to leave LaunchDarkly alone, by its own clock and not by ours. */
      Duration retryAfter() {
        OptionalLong seconds = number("Retry-After");
        Duration wait =
            seconds.isPresent() ? Duration.ofSeconds(seconds.getAsLong()) : untilReset();
        wait = wait.compareTo(RETRY_AFTER_AT_LEAST) < 0 ? RETRY_AFTER_AT_LEAST : wait;
        return wait.compareTo(RETRY_AFTER_AT_MOST) > 0 ? RETRY_AFTER_AT_MOST : wait;
      }

      private Duration untilReset() {
        OptionalLong reset = number("X-Ratelimit-Reset");
        String date = headers.firstValue("Date").orElse("");
        if (reset.isEmpty() || date.isEmpty()) {
          return RETRY_AFTER_UNKNOWN;
        }
        try {
          ZonedDateTime now = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME);
          return Duration.ofMillis(reset.getAsLong() - now.toInstant().toEpochMilli());
        } catch (DateTimeException _) {
          return RETRY_AFTER_UNKNOWN;
        }
      }

      private OptionalLong number(String header) {
        String value = headers.firstValue(header).orElse("");
        return value.matches("[0-9]{1,15}")
            ? OptionalLong.of(Long.parseLong(value))
            : OptionalLong.empty();
      }
    }

    /** Before the request was sent. */
    record NotSent(String why) implements Reply {}

    /** After the request was sent, without an answer: it may have been carried out. */
    record Lost(String why) implements Reply {}
  }

  Reply get(String path) {
    return exchange(request(path).GET().build());
  }

  Reply patch(String path, JsonNode body) {
    return send("PATCH", path, body, "application/json");
  }

  Reply semanticPatch(String path, JsonNode body) {
    return send("PATCH", path, body, "application/json; domain-model=launchdarkly.semanticpatch");
  }

  Reply post(String path, JsonNode body) {
    return send("POST", path, body, "application/json");
  }

  Reply delete(String path) {
    return exchange(request(path).DELETE().build());
  }

  private Reply send(String method, String path, JsonNode body, String contentType) {
    return exchange(
        request(path)
            .header("Content-Type", contentType)
            .method(method, BodyPublishers.ofString(body.toString()))
            .build());
  }

  /** A part of a path or query, escaped. */
  static String escape(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpRequest.Builder request(String path) {
    String base = access.baseUri().toString().replaceAll("/+$", "");
    return HttpRequest.newBuilder(URI.create(base + path))
        .header("Authorization", access.token())
        .header("LD-API-Version", API_VERSION)
        .header("User-Agent", "Firebreak")
        .header("Accept", "application/json");
  }

  private Reply exchange(HttpRequest request) {
    String what = request.method() + " " + request.uri().getPath();
    // The client's own timeout ends with the headers; this one also bounds the body.
    CompletableFuture<HttpResponse<byte[]>> future =
        http.sendAsync(
            request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), REPLY_BYTES_AT_MOST));
    try {
      HttpResponse<byte[]> response = future.get(access.timeout().toNanos(), TimeUnit.NANOSECONDS);
      return new Reply.Answer(response.statusCode(), json(response.body()), response.headers());
    } catch (TimeoutException _) {
      future.cancel(true);
      return new Reply.Lost(what + ": no answer within " + access.timeout().toMillis() + " ms");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String why = what + ": " + cause.getClass().getSimpleName() + " " + cause.getMessage();
      return cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException
          ? new Reply.NotSent(why)
          : new Reply.Lost(why);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      future.cancel(true);
      return new Reply.Lost(what + ": interrupted");
    }
  }

  private static JsonNode json(byte[] body) {
    try {
      return FlagJson.MAPPER.readTree(body);
    } catch (JsonProcessingException _) {
      return MissingNode.getInstance();
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory can be read", e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
