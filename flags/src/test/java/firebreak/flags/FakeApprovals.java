package firebreak.flags;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Approval requests as LaunchDarkly keeps them for the flags of one environment, and what members
 * do with them: approve, decline, apply, delete. Applying carries out the instructions, whatever
 * has become of the flag meanwhile.
 */
public final class FakeApprovals {
  /** Whoever reviews and applies. */
  public static final String REVIEWER = "569f183514f4432160000007";

  private final FakeEnvironment environment;
  private final String name;
  private final Map<String, ObjectNode> requests = new LinkedHashMap<>();
  private long ids = 1;

  FakeApprovals(FakeEnvironment environment, String name) {
    this.environment = environment;
    this.name = name;
  }

  /** The requests for a flag, oldest first. */
  public synchronized List<JsonNode> of(String flag) {
    return requests.values().stream()
        .filter(request -> request.path("flag").asText().equals(flag))
        .map(FakeApprovals::shown)
        .toList();
  }

  /** {@code …/flags/FLAG/environments/ENVIRONMENT/approval-requests}, and an id or none. */
  synchronized void serve(HttpExchange exchange, boolean isReplyLost) throws IOException {
    String[] path = exchange.getRequestURI().getPath().split("/", -1);
    String flag = path[6];
    String id = path.length > 10 ? path[10] : "";
    String method = exchange.getRequestMethod();
    JsonNode body = FlagJson.MAPPER.readTree(exchange.getRequestBody().readAllBytes());
    if (environment.flag(flag) == null || !path[8].equals(name)) {
      FakeHttp.fail(exchange, 404, "not_found", "Unknown flag or environment");
    } else if (method.equals("POST") && !body.path("description").isTextual()) {
      FakeHttp.fail(exchange, 400, "invalid_request", "description is required");
    } else if (method.equals("POST")) {
      JsonNode created = create(flag, body);
      if (isReplyLost) {
        exchange.close();
      } else {
        FakeHttp.answer(exchange, 201, Map.of(), created.toString());
      }
    } else if (id.isEmpty()) {
      ObjectNode list = FlagJson.MAPPER.createObjectNode();
      list.putArray("items").addAll(of(flag));
      FakeHttp.answer(exchange, 200, Map.of(), list.toString());
    } else if (!requests.containsKey(id)) {
      FakeHttp.fail(exchange, 404, "not_found", "Invalid resource identifier");
    } else if (method.equals("DELETE")) {
      delete(id);
      FakeHttp.answer(exchange, 204, Map.of(), "");
    } else {
      FakeHttp.answer(exchange, 200, Map.of(), shown(request(id)).toString());
    }
  }

  private JsonNode create(String flag, JsonNode body) {
    String id = "5f2c0ffee%015d".formatted(ids++);
    ObjectNode request = FlagJson.MAPPER.createObjectNode();
    request.put("_id", id).put("_version", 1).put("flag", flag);
    request.put("creationDate", environment.now()).put("serviceKind", "launchdarkly");
    request.put("requestorId", "569f183514f4432160000001");
    request.put("description", body.path("description").asText());
    request.put("comment", body.path("comment").asText());
    request.put("reviewStatus", "pending").put("status", "pending");
    request.putArray("allReviews");
    request.putArray("notifyMemberIds");
    request.putArray("conflicts");
    request.putObject("_links");
    request.set("instructions", body.path("instructions"));
    requests.put(id, request);
    return shown(request);
  }

  /** Somebody deletes it. */
  public synchronized boolean delete(String id) {
    return requests.remove(id) != null;
  }

  /** Somebody says yes; nothing is applied yet. */
  public synchronized void approve(String id) {
    review(id, "approve", "");
    request(id).put("reviewStatus", "approved");
  }

  /** Somebody says no. */
  public synchronized void decline(String id, String comment) {
    review(id, "decline", comment);
    request(id).put("reviewStatus", "declined");
  }

  /** It is to be applied later. */
  public synchronized void schedule(String id) {
    request(id).put("status", "scheduled").put("executionDate", environment.now() + 3_600_000);
  }

  /** It is tried, and its instructions conflict with what the flag has become. */
  public synchronized void fail(String id, String reason) {
    ObjectNode request = request(id).put("status", "failed");
    request.withArrayProperty("conflicts").addObject().put("reason", reason);
  }

  /** Somebody has it carried out. */
  public synchronized void apply(String id) {
    ObjectNode request = request(id);
    String flag = request.path("flag").asText();
    ObjectNode after = environment.flag(flag);
    if (after == null) {
      fail(id, "the flag is gone");
      return;
    }
    ObjectNode configuration = (ObjectNode) after.path("environments").path(name);
    for (JsonNode instruction : request.path("instructions")) {
      carryOut(instruction, configuration, after.path("variations"));
    }
    environment.replace(flag, configuration, "approved change", REVIEWER + "@example.com");
    request.put("status", "completed").put("appliedDate", environment.now());
    request.put("appliedByMemberId", REVIEWER);
  }

  private static void carryOut(JsonNode instruction, ObjectNode flag, JsonNode variations) {
    switch (instruction.path("kind").asText()) {
      case "turnFlagOff" -> flag.put("on", false);
      case "addTargets" -> target(flag, instruction, index(instruction, variations), true);
      case "removeTargets" -> target(flag, instruction, index(instruction, variations), false);
      case "addRule" -> {
        ObjectNode rule = FlagJson.MAPPER.createObjectNode();
        rule.put("variation", index(instruction, variations));
        rule.set("description", instruction.path("description"));
        rule.set("clauses", instruction.path("clauses"));
        ArrayNode rules = flag.withArrayProperty("rules");
        int before = rules.size();
        for (int i = 0; i < rules.size(); i++) {
          if (rules.path(i).path("_id").equals(instruction.path("beforeRuleId"))) {
            before = i;
          }
        }
        rules.insert(before, rule);
      }
      default ->
          throw new IllegalArgumentException("no instruction of LaunchDarkly's: " + instruction);
    }
  }

  private static int index(JsonNode instruction, JsonNode variations) {
    for (int i = 0; i < variations.size(); i++) {
      if (variations.path(i).path("_id").equals(instruction.path("variationId"))) {
        return i;
      }
    }
    throw new IllegalArgumentException("no such variation: " + instruction);
  }

  /** Leaves alone what is so already. */
  private static void target(ObjectNode flag, JsonNode instruction, int variation, boolean add) {
    String kind = instruction.path("contextKind").asText("user");
    ArrayNode targets = flag.withArrayProperty(kind.equals("user") ? "targets" : "contextTargets");
    ObjectNode of = null;
    for (JsonNode one : targets) {
      if (one.path("contextKind").asText("user").equals(kind)
          && one.path("variation").asInt() == variation) {
        of = (ObjectNode) one;
      }
    }
    if (of == null) {
      of = targets.addObject().put("contextKind", kind).put("variation", variation);
    }
    ArrayNode values = of.withArrayProperty("values");
    for (JsonNode value : instruction.path("values")) {
      values.removeIf(value::equals);
      if (add) {
        values.add(value);
      }
    }
  }

  private void review(String id, String kind, String comment) {
    ObjectNode review = request(id).withArrayProperty("allReviews").addObject();
    review.put("_id", "review-" + ids++).put("kind", kind).put("creationDate", environment.now());
    review.put("comment", comment).put("memberId", REVIEWER);
  }

  private ObjectNode request(String id) {
    ObjectNode request = requests.get(id);
    if (request == null) {
      throw new IllegalArgumentException("no request " + id + ", only " + requests.keySet());
    }
    return request;
  }

  private static JsonNode shown(ObjectNode request) {
    return request.deepCopy().without(List.of("flag", "comment"));
  }
}
