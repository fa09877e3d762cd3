package firebreak.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * A refusal as Honeycomb's API says it: an {@code error} in words; where the words are about one
 * key or about how often one may ask, with the details that Honeycomb's clients read.
 */
final class HoneycombProblem {
  private static final String TYPES = "https://api.honeycomb.io/problems/";

  private HoneycombProblem() {}

  static Answer answer(Refusal refusal) {
    int status = refusal.status();
    String message = String.valueOf(refusal.getMessage());
    Refusal.Invalid invalid = refusal.invalid();
    if (invalid != null) {
      ObjectNode body =
          body(status, "validation-failed", "The provided input is invalid.", message);
      ObjectNode detail = body.putArray("type_detail").addObject();
      detail.put("field", invalid.field());
      detail.put("code", invalid.code());
      detail.put("description", message);
      return problem(status, body);
    }
    if (status == 429) {
      return problem(
          status, body(status, "rate-limited", "You have exceeded your rate limit.", message));
    }
    return Answer.json(status, Map.of("error", message));
  }

  private static ObjectNode body(int status, String type, String title, String message) {
    ObjectNode body = JsonTree.object();
    body.put("status", status);
    body.put("type", TYPES + type);
    body.put("title", title);
    body.put("error", message);
    body.put("detail", message);
    return body;
  }

  private static Answer problem(int status, ObjectNode body) {
    return new Answer(status, "application/problem+json", Json.buffer(body), Map.of());
  }
}
