package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;

/** The description of our own API, for people and generators; a test holds it to the routes. */
final class OpenApiRoutes implements Routes {
  private final Buffer description;

  OpenApiRoutes() {
    description = Json.buffer(read());
  }

  static JsonNode read() {
    try (InputStream in = OpenApiRoutes.class.getResourceAsStream("openapi.yaml")) {
      return new YAMLMapper().readTree(Objects.requireNonNull(in, "openapi.yaml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void register(Router router) {
    router
        .get("/api/v1/openapi.json")
        .handler(ctx -> new Answer(200, Answer.JSON, description, Map.of()).send(ctx));
  }
}
