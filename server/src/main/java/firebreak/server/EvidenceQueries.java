package firebreak.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.bubbleup.Term;
import firebreak.guard.Incident;
import firebreak.slo.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The queries that show an incident's evidence again, kept so that they can be run by their id. */
final class EvidenceQueries {
  /** How much before the burn is shown with it. */
  private static final Duration BEFORE = Duration.ofMinutes(10);

  /** How long after its detection a burn is shown; the same for ever, so that ids are too. */
  private static final Duration AFTER = Duration.ofMinutes(10);

  private final QueryRoutes queries;

  EvidenceQueries(QueryRoutes queries) {
    this.queries = queries;
  }

  /** Ids of the eligible and good events over the burn: all of them, and those of the verdict. */
  List<String> ids(Incident incident) {
    Objective objective = incident.alert().objective();
    ArrayNode eligible = JsonTree.array(FilterJson.conditions(objective.eligible()), node -> node);
    List<ObjectNode> good = FilterJson.conditions(objective.good());
    if (FilterJson.conditions(objective.eligible()).isEmpty() || good.isEmpty()) {
      return List.of(); // an objective that Honeycomb's shape cannot say
    }
    List<ObjectNode> specs = new ArrayList<>();
    specs.add(spec(incident, eligible));
    for (Term term : incident.finding().verdict().terms()) {
      ObjectNode of = spec(incident, eligible.deepCopy());
      ObjectNode condition = JsonTree.object().put("column", term.field()).put("op", "=");
      condition.set("value", JsonTree.value(term.value()));
      ((ArrayNode) of.path("filters")).add(condition);
      specs.add(of);
    }
    String dataset = objective.datasets().getFirst();
    return specs.stream().map(spec -> queries.keep(dataset, spec)).toList();
  }

  /** Counts of eligible and good events over the burn, over time. */
  private static ObjectNode spec(Incident incident, ArrayNode filters) {
    Objective objective = incident.alert().objective();
    Instant start = incident.alert().beganAt().minus(BEFORE);
    Instant end = incident.alert().detectedAt().plus(AFTER);
    ObjectNode spec = JsonTree.object();
    ArrayNode calculations = spec.putArray("calculations");
    calculations.addObject().put("op", "COUNT");
    ObjectNode good = calculations.addObject().put("op", "COUNT").put("name", "good");
    good.set("filters", JsonTree.array(FilterJson.conditions(objective.good()), node -> node));
    spec.set("filters", filters);
    if (!objective.derived().isEmpty()) {
      ArrayNode fields = spec.putArray("calculated_fields");
      objective
          .derived()
          .forEach(
              (name, expression) ->
                  fields.addObject().put("name", name).put("expression", expression));
    }
    spec.put("start_time", start.getEpochSecond());
    spec.put("end_time", end.getEpochSecond());
    spec.put("granularity", 10);
    return spec;
  }
}
