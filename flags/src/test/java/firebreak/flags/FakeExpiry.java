package firebreak.flags;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Expiring targets as LaunchDarkly keeps them, and carries them out when their time has come. */
public final class FakeExpiry {
  private final FakeEnvironment environment;
  private final String name;
  private final List<ObjectNode> items = new ArrayList<>();
  private long ids = 1;

  FakeExpiry(FakeEnvironment environment, String name) {
    this.environment = environment;
    this.name = name;
  }

  synchronized void serve(HttpExchange exchange, String flag) throws IOException {
    ObjectNode answer = FlagJson.MAPPER.createObjectNode();
    ArrayNode errors = answer.putArray("errors");
    if (exchange.getRequestMethod().equals("PATCH")) {
      String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
      if (!type.contains("domain-model=launchdarkly.semanticpatch")) {
        FakeHttp.fail(exchange, 400, "invalid_request", "not a semantic patch");
        return;
      }
      JsonNode body = FlagJson.MAPPER.readTree(exchange.getRequestBody().readAllBytes());
      int index = 0;
      for (JsonNode instruction : body.path("instructions")) {
        String wrong = carryOut(flag, instruction);
        if (!wrong.isEmpty()) {
          errors.addObject().put("instructionIndex", index).put("message", wrong);
        }
        index++;
      }
    }
    if (errors.isEmpty()) {
      answer.remove("errors");
    }
    ArrayNode list = answer.putArray("items");
    items.stream()
        .filter(item -> item.path("flag").asText().equals(flag))
        .forEach(item -> list.add(item.deepCopy().without("flag")));
    FakeHttp.answer(exchange, 200, Map.of(), answer.toString());
  }

  /** Only of a context that the flag targets. */
  private String carryOut(String flag, JsonNode instruction) {
    boolean adds = instruction.path("kind").asText().equals("addExpiringTarget");
    ObjectNode there = null;
    for (ObjectNode item : items) {
      if (item.path("flag").asText().equals(flag)
          && item.path("contextKey").equals(instruction.path("contextKey"))
          && item.path("contextKind").equals(instruction.path("contextKind"))) {
        there = item;
      }
    }
    ObjectNode of = environment.flag(flag);
    String targeting = of == null ? "" : of.path("environments").path(name).toString();
    if (!targeting.contains(instruction.path("contextKey").toString())) {
      return "the flag does not target " + instruction.path("contextKey");
    }
    if (adds == (there != null)) {
      return adds ? "it expires already" : "it does not expire";
    }
    if (there == null) {
      there = FlagJson.MAPPER.createObjectNode();
      there.put("_id", "expiring-" + ids++).put("_version", 1).put("flag", flag);
      items.add(there);
    }
    there.set("contextKey", instruction.path("contextKey"));
    there.set("contextKind", instruction.path("contextKind"));
    there.set("variationId", instruction.path("variationId"));
    there.set("expirationDate", instruction.path("value"));
    return "";
  }

  /** Time passes: the targets whose date has come are removed. */
  public synchronized void passes(Instant time) {
    for (ObjectNode item : List.copyOf(items)) {
      ObjectNode flag = environment.flag(item.path("flag").asText());
      if (flag != null && item.path("expirationDate").asLong() <= time.toEpochMilli()) {
        ObjectNode configuration = (ObjectNode) flag.path("environments").path(name);
        for (String list : List.of("targets", "contextTargets")) {
          for (JsonNode target : configuration.path(list)) {
            ((ArrayNode) target.path("values")).removeIf(item.path("contextKey")::equals);
          }
        }
        environment.replace(item.path("flag").asText(), configuration, "expired", "");
        items.remove(item);
      }
    }
  }
}
