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

/**
 * A running service, as a command asks it.
 *
 * @param key empty where the service asks for none
 */
record ServiceClient(URI service, String key) {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** With the key that a file holds. */
  static ServiceClient withKeyOf(URI service, @Nullable Path keyFile) {
    try {
      return new ServiceClient(service, keyFile == null ? "" : Files.readString(keyFile).strip());
    } catch (IOException e) {
      throw StartFailure.because("cannot read the key from " + keyFile);
    }
  }

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
      if (!key.isEmpty()) {
        request.header("Authorization", "Bearer " + key);
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
