package firebreak.flags;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What a withdrawal does to a flag's definition, and how it is taken back. A file's flag and one
 * environment of LaunchDarkly's have the same shape here; nothing is read or written.
 */
final class Targeting {

  /** What became of the wish to edit a definition. */
  sealed interface Edit {
    record Edited(ObjectNode after) implements Edit {}

    record Impossible(String why) implements Edit {}
  }

  private Targeting() {}

  /** Takes the variation away from the audience. */
  static Edit withdraw(ObjectNode flag, Withdrawal withdrawal) {
    List<String> variations = FlagJson.variations(flag);
    int from = variations.indexOf(withdrawal.fromVariation());
    int to = variations.indexOf(withdrawal.toVariation());
    String name = "flag " + withdrawal.flag();
    if (from < 0 || to < 0) {
      String missing = from < 0 ? withdrawal.fromVariation() : withdrawal.toVariation();
      return new Edit.Impossible(name + " has no variation " + missing + ", only " + variations);
    }
    if (from == to) {
      return new Edit.Impossible("it would serve " + withdrawal.toVariation() + " as before");
    }
    if (flag.path("archived").asBoolean(false)) {
      return new Edit.Impossible(name + " is archived");
    }
    if (!flag.path("on").asBoolean(false)) {
      return new Edit.Impossible(name + " is off already");
    }
    ObjectNode after = flag.deepCopy();
    return switch (withdrawal.audience()) {
      case Audience.Contexts contexts -> new ContextTargets(after).serve(contexts, from, to);
      case Audience.Segment segment -> {
        ArrayNode rules = after.withArrayProperty("rules");
        if (ruleOf(withdrawal, rules) >= 0) {
          yield new Edit.Impossible(name + " has this withdrawal's rule already");
        }
        rules.insert(0, rule(segment, withdrawal, to));
        yield new Edit.Edited(after);
      }
      case Audience.Everyone _ -> {
        if (flag.path("offVariation").asInt(-1) != to) {
          yield new Edit.Impossible(
              "off, %s does not serve %s".formatted(name, withdrawal.toVariation()));
        }
        after.put("on", false);
        yield new Edit.Edited(after);
      }
    };
  }

  /** Whether the definition has what the withdrawal does. */
  static boolean holds(ObjectNode flag, Withdrawal withdrawal) {
    int to = FlagJson.variations(flag).indexOf(withdrawal.toVariation());
    return switch (withdrawal.audience()) {
      case Audience.Contexts contexts -> new ContextTargets(flag).serves(contexts, to);
      case Audience.Segment _ -> {
        int rule = ruleOf(withdrawal, flag.path("rules"));
        yield rule >= 0 && flag.path("rules").path(rule).path("variation").asInt(-1) == to;
      }
      case Audience.Everyone _ -> !flag.path("on").asBoolean(false);
    };
  }

  /**
   * Takes the withdrawal back: to {@code before} where nothing else has changed since, and else
   * only what the withdrawal touched.
   */
  static Edit restore(ObjectNode now, String definitionBefore, Withdrawal withdrawal) {
    if (definitionBefore.isBlank()) {
      return new Edit.Impossible("it is not known what the flag was before");
    }
    ObjectNode before = FlagJson.object(definitionBefore);
    if (!holds(now, withdrawal)) {
      return new Edit.Impossible(
          "flag %s no longer has what intent %s did"
              .formatted(withdrawal.flag(), withdrawal.intent()));
    }
    if (withdraw(before, withdrawal) instanceof Edit.Edited(ObjectNode after)
        && withoutVersion(after).equals(withoutVersion(now))) {
      return new Edit.Edited(before.deepCopy());
    }
    ObjectNode restored = now.deepCopy();
    switch (withdrawal.audience()) {
      case Audience.Contexts contexts -> new ContextTargets(restored).putBack(contexts, before);
      case Audience.Segment _ -> {
        ArrayNode rules = restored.withArrayProperty("rules");
        rules.remove(ruleOf(withdrawal, rules));
      }
      case Audience.Everyone _ -> restored.put("on", before.path("on").asBoolean(false));
    }
    return new Edit.Edited(restored);
  }

  private static ObjectNode rule(Audience.Segment segment, Withdrawal withdrawal, int to) {
    ObjectNode rule = FlagJson.MAPPER.createObjectNode();
    rule.put("id", "firebreak-" + withdrawal.intent());
    rule.put("description", mark(withdrawal));
    ObjectNode clause = rule.putArray("clauses").addObject();
    clause.put("attribute", "segmentMatch").put("op", "segmentMatch").put("negate", false);
    clause.putArray("values").add(segment.key());
    return rule.put("variation", to);
  }

  /** The words by which a provider's record shows whose change it was. */
  static String mark(Withdrawal withdrawal) {
    return "firebreak intent=" + withdrawal.intent();
  }

  private static int ruleOf(Withdrawal withdrawal, JsonNode rules) {
    for (int i = 0; i < rules.size(); i++) {
      if (rules.path(i).path("description").asText().equals(mark(withdrawal))) {
        return i;
      }
    }
    return -1;
  }

  private static ObjectNode withoutVersion(ObjectNode flag) {
    return flag.deepCopy().without("version");
  }
}
