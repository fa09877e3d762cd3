package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A running service, as a command asks it. */
record ServiceClient(URI service, @Nullable Path keyFile) {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** What came back. */
  record Reply(int status, JsonNode body) {}

  /**
   * Posts JSON.
   *
   * @throws StartFailure if nobody answers, or not in JSON
   */
  Reply post(String path, JsonNode body) throws InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(service.resolve(path))
              .timeout(TIMEOUT)
              .header("Content-Type", Answer.JSON)
              .POST(HttpRequest.BodyPublishers.ofByteArray(Json.MAPPER.writeValueAsBytes(body)));
      if (keyFile != null) {
        request.header("Authorization", "Bearer " + Files.readString(keyFile).strip());
      }
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Reply(response.statusCode(), Json.MAPPER.readTree(response.body()));
    } catch (IOException | IllegalArgumentException e) {
      String why = e.getMessage() == null ? "nobody answers" : e.getMessage();
      throw StartFailure.because("%s cannot be asked: %s".formatted(service, why));
    }
  }
}
