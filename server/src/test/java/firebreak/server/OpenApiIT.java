package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The description says which routes there are, and what the bodies that they take may hold. */
class OpenApiIT {
  private static final Set<String> METHODS = Set.of("get", "post", "put", "delete");

  @TempDir Path folder;

  private App app;
  private Api api;

  @BeforeEach
  void start() throws Exception {
    Files.createDirectories(folder.resolve("slos"));
    Files.writeString(folder.resolve("slos/slo.yaml"), GateIT.SLO);
    Config config = ConfigReader.parse("slos: ./slos", "test", folder, Map.of());
    app =
        App.start(
            config.with(0, folder.resolve("data")),
            InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z")));
    api = new Api(app.port());
  }

  @AfterEach
  void stop() {
    api.close();
    app.close();
  }

  /** Each operation by its method and path. */
  private static Map<String, JsonNode> operations(JsonNode description) {
    Map<String, JsonNode> operations = new TreeMap<>();
    for (Map.Entry<String, JsonNode> path : description.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        assertTrue(METHODS.contains(operation.getKey()), operation.getKey());
        operations.put(operation.getKey() + " " + path.getKey(), operation.getValue());
      }
    }
    return operations;
  }

  @Test
  void everyRouteIsDescribedAndEveryDescribedRouteIsThere() {
    JsonNode served = api.get("/api/v1/openapi.json");
    assertEquals("3.1.0", served.path("openapi").asText());
    assertEquals(OpenApiRoutes.read(), served);
    Set<String> real = new TreeSet<>();
    for (String route : app.routes()) {
      String[] parts = route.split(" ", 2);
      if (parts[1].matches("/(api|webhooks|health)/.*")) {
        real.add(
            parts[0].toLowerCase(java.util.Locale.ROOT)
                + " "
                + parts[1].replaceAll(":(\\w+)", "{$1}"));
      }
    }
    assertEquals(real, operations(served).keySet());
    assertTrue(real.size() > 30, "" + real);
  }

  @Test
  void whatABodyMayHoldIsTakenAndNothingElse() {
    for (Map.Entry<String, JsonNode> operation : operations(OpenApiRoutes.read()).entrySet()) {
      JsonNode schema = operation.getValue().at("/requestBody/content/application~1json/schema");
      if (!schema.has("properties") || schema.path("additionalProperties").asBoolean(true)) {
        continue;
      }
      String[] parts = operation.getKey().split(" ", 2);
      String path =
          parts[1]
              .replace("slos/{id}", "slos/query-api-fast")
              .replace("{id}", "none")
              .replace("{mitigation}", "none");
      Api.Reply refused =
          api.send(parts[0].toUpperCase(java.util.Locale.ROOT), path, "{\"no_such_key\": 1}");
      assertEquals(400, refused.status(), operation.getKey() + " " + refused);
      for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
        Api.Reply reply =
            api.send(
                parts[0].toUpperCase(java.util.Locale.ROOT),
                path,
                "{\"%s\": %s}".formatted(field.getKey(), example(field.getValue())));
        String detail = reply.body().path("detail").asText();
        assertTrue(
            !detail.contains("has no key") && !detail.contains("unknown field"),
            operation.getKey() + " does not take " + field.getKey() + ": " + detail);
      }
    }
  }

  private static String example(JsonNode schema) {
    return switch (schema.path("type").asText("any")) {
      case "boolean" -> "false";
      case "number", "integer" -> "1";
      case "array" -> "[]";
      case "object" -> "{}";
      default -> "\"\"";
    };
  }
}
