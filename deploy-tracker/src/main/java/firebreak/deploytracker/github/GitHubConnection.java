package firebreak.deploytracker.github;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.kohsuke.github.connector.GitHubConnector;
import org.kohsuke.github.connector.GitHubConnectorRequest;
import org.kohsuke.github.connector.GitHubConnectorResponse;

/** Carries the GitHub client's requests, with the limits that its own carriers do not set. */
final class GitHubConnection implements GitHubConnector {
  static final int ANSWER_BYTES_AT_MOST = 16 << 20;
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);

  private final Duration answerWithin;

  /** Redirects are the client's: it drops the token when they lead to another host. */
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT_WITHIN)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  GitHubConnection(Duration answerWithin) {
    this.answerWithin = answerWithin;
  }

  @Override
  public GitHubConnectorResponse send(GitHubConnectorRequest request) throws IOException {
    HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(request.url().toString()));
    for (Map.Entry<String, List<String>> header : request.allHeaders().entrySet()) {
      header.getValue().forEach(value -> builder.header(header.getKey(), value));
    }
    InputStream body = request.body();
    builder.method(
        request.method(),
        body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body.readAllBytes()));
    return new Response(request, exchange(builder.build()));
  }

  /** One exchange; the time bounds the body too, which the client's own timeout does not. */
  HttpResponse<byte[]> exchange(HttpRequest request) throws IOException {
    CompletableFuture<HttpResponse<byte[]>> future =
        http.sendAsync(
            request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_BYTES_AT_MOST));
    try {
      HttpResponse<byte[]> response = future.get(answerWithin.toNanos(), TimeUnit.NANOSECONDS);
      LimitReached.check(response);
      return response;
    } catch (TimeoutException e) {
      future.cancel(true);
      throw new IOException("no answer within " + answerWithin.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      // As it is the client might sleep and try again; whoever asks decides that.
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      throw new IOException(
          Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName()), e);
    } catch (InterruptedException e) {
      future.cancel(true);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while asking GitHub");
    }
  }

  /** An answer, read whole. */
  private static final class Response extends GitHubConnectorResponse.ByteArrayResponse {
    private final byte[] body;

    Response(GitHubConnectorRequest request, HttpResponse<byte[]> response) {
      super(request, response.statusCode(), response.headers().map());
      body = response.body();
    }

    @Override
    protected InputStream rawBodyStream() {
      return new ByteArrayInputStream(body);
    }
  }
}
