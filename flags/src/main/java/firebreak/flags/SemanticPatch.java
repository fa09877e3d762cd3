package firebreak.flags;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * LaunchDarkly's instructions for a change, as its approval requests take them. They name
 * variations by id, and leave alone what is as they say already.
 */
final class SemanticPatch {
  private final ArrayNode instructions = FlagJson.MAPPER.createArrayNode();
  private final LaunchDarklyFlag flag;

  private SemanticPatch(LaunchDarklyFlag flag) {
    this.flag = flag;
  }

  /** Takes the variation away from the audience, which must be possible. */
  static ArrayNode withdraw(LaunchDarklyFlag flag, Withdrawal withdrawal) {
    SemanticPatch patch = new SemanticPatch(flag);
    List<String> variations = FlagJson.variations(flag.definition());
    int from = variations.indexOf(withdrawal.fromVariation());
    int to = variations.indexOf(withdrawal.toVariation());
    switch (withdrawal.audience()) {
      case Audience.Contexts contexts -> {
        // A context that two variations name is an error, so it is removed first.
        patch.targets("removeTargets", contexts, from);
        patch.targets("addTargets", contexts, to);
      }
      case Audience.Segment segment -> patch.rule(segment, withdrawal, to);
      case Audience.Everyone _ -> patch.instructions.addObject().put("kind", "turnFlagOff");
    }
    return patch.instructions;
  }

  private void targets(String kind, Audience.Contexts contexts, int variation) {
    ObjectNode instruction = instructions.addObject().put("kind", kind);
    instruction.put("contextKind", contexts.kind()).put("variationId", flag.variationId(variation));
    ArrayNode values = instruction.putArray("values");
    contexts.keys().stream().distinct().forEach(values::add);
  }

  private void rule(Audience.Segment segment, Withdrawal withdrawal, int variation) {
    ObjectNode rule = instructions.addObject().put("kind", "addRule");
    rule.put("variationId", flag.variationId(variation))
        .put("description", Targeting.mark(withdrawal));
    ObjectNode clause = rule.putArray("clauses").addObject();
    clause.put("attribute", "segmentMatch").put("op", "segmentMatch").put("negate", false);
    clause.putArray("values").add(segment.key());
    JsonNode first = flag.definition().path("rules").path(0).path("_id");
    if (!first.isMissingNode()) {
      rule.put("beforeRuleId", first.asText());
    }
  }
}
