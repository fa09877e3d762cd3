package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.guard.Gate;
import firebreak.guard.GateLookout;
import firebreak.guard.GateSituation.Question;
import firebreak.slo.Counts;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asked by deployment tools: may this step be taken? The words are those of each tool. */
final class GateRoutes implements Routes {
  private static final String EVALUATE = "/api/v1/gates/evaluate";
  private static final Set<String> KEYS =
      Set.of("service", "environment", "build_id", "flag", "variation", "step");

  private final GateLookout lookout;
  private final Door door;
  private final InstantSource clock;

  GateRoutes(GateLookout lookout, Door door, InstantSource clock) {
    this.lookout = lookout;
    this.door = door;
    this.clock = clock;
  }

  @Override
  public void register(Router router) {
    door.post(router, EVALUATE, Scope.QUERY, ctx -> Answer.json(view(decide(body(ctx)))));
    // Argo Rollouts' web metric asks so unless it is told otherwise.
    door.get(router, EVALUATE, Scope.QUERY, ctx -> Answer.json(view(decide(query(ctx)))));
    door.post(router, "/api/v1/gates/flagger", Scope.QUERY, this::flagger);
  }

  /**
   * Flagger goes by the status: any 2xx lets it go on. Each of its versions says more than the one
   * before, so that what is not known is passed over.
   */
  private Answer flagger(RoutingContext ctx) throws IOException {
    JsonNode hook = Json.MAPPER.readTree(Body.of(ctx));
    ObjectNode asked = JsonTree.object();
    JsonNode metadata = hook.path("metadata");
    for (String key : KEYS) {
      if (metadata.has(key)) {
        asked.set(key, metadata.get(key));
      }
    }
    if (!asked.has("service")) {
      asked.set("service", hook.path("name"));
    }
    Gate.Answer answer = decide(asked);
    int status =
        switch (answer.verdict()) {
          case YES -> 200;
          case NO -> 409;
          case UNKNOWN -> 425;
        };
    return Answer.json(status, view(answer));
  }

  private Gate.Answer decide(JsonNode asked) {
    Question question =
        new Question(
            text(asked, "service"),
            text(asked, "environment"),
            text(asked, "build_id"),
            text(asked, "flag"),
            text(asked, "variation"),
            step(asked.path("step")));
    return Gate.decide(lookout.look(question, clock.instant()));
  }

  private static JsonNode body(RoutingContext ctx) throws IOException {
    JsonNode body = Json.MAPPER.readTree(Body.of(ctx));
    KnownKeys.check("a question to the gate", body, KEYS);
    return body;
  }

  private static ObjectNode query(RoutingContext ctx) {
    ObjectNode asked = JsonTree.object();
    ctx.queryParams().forEach(parameter -> asked.put(parameter.getKey(), parameter.getValue()));
    KnownKeys.check("a question to the gate", asked, KEYS);
    return asked;
  }

  private static String text(JsonNode asked, String key) {
    JsonNode value = asked.path(key);
    if (value.isContainerNode() || value.isBoolean()) {
      throw new IllegalArgumentException("%s is text, was %s".formatted(key, value));
    }
    return value.asText("");
  }

  /** A share, as a number or, since many tools know only text, as text; or a percentage. */
  private static @Nullable Double step(JsonNode step) {
    if (step.isMissingNode() || step.isNull() || step.asText().isEmpty()) {
      return null;
    }
    String text = step.asText().strip();
    try {
      return text.endsWith("%")
          ? Double.parseDouble(text.substring(0, text.length() - 1)) / 100
          : Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "step is the share of the traffic that it reaches, such as 0.25 or 25%, was " + step, e);
    }
  }

  private static ObjectNode view(Gate.Answer answer) {
    ObjectNode view = JsonTree.object();
    switch (answer.verdict()) {
      case YES -> view.put("allow", true);
      case NO -> view.put("allow", false);
      case UNKNOWN -> view.putNull("allow");
    }
    view.put("verdict", IncidentView.word(answer.verdict()));
    view.set("reasons", JsonTree.texts(answer.reasons()));
    view.set("budget_remaining", JsonTree.number(answer.budgetRemaining()));
    Gate.Forecast forecast = answer.forecast();
    view.set("forecast", forecast == null ? NullNode.getInstance() : forecast(forecast));
    return view;
  }

  private static ObjectNode forecast(Gate.Forecast forecast) {
    ObjectNode view = JsonTree.object();
    view.put("slo", forecast.objective().id());
    view.put("horizon_seconds", Gate.HORIZON.toSeconds());
    view.put("step", forecast.step());
    view.set("eligible", JsonTree.number(forecast.eligible()));
    ObjectNode bad = view.putObject("bad_events");
    bad.set("value", JsonTree.number(forecast.expected()));
    bad.set("low", JsonTree.number(forecast.low()));
    bad.set("high", JsonTree.number(forecast.high()));
    view.set("bad_events_allowed", JsonTree.number(forecast.allowed()));
    view.set("budget_after_worst", JsonTree.number(forecast.budgetAfter()));
    view.set("build", counts(forecast.sides().some()));
    view.set("rest", counts(forecast.sides().rest()));
    view.set("p_value", JsonTree.number(forecast.pValue()));
    return view;
  }

  private static ObjectNode counts(Counts counts) {
    return JsonTree.object().put("events", counts.eligible()).put("bad", counts.bad());
  }
}
