package firebreak.flags;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.flags.Targeting.Edit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The format of OpenFeature's flagd: a flag has named variants, a default one, and targeting in
 * JsonLogic. A variation is the name of a variant here, since that is what OpenFeature's telemetry
 * tells.
 *
 * <p>A withdrawal puts its own question before the targeting that is there. One for everyone makes
 * its variant the default and takes the targeting away, since a disabled flag would serve whatever
 * default each application has in its code.
 *
 * @param attributes the attribute of an evaluation context that holds the key of a kind of context;
 *     a user is the targeting key, any other kind has the attribute of its own name
 */
record FlagdFormat(Map<String, String> attributes) implements FlagFormat {
  private static final String TARGETING_KEY = "targetingKey";
  private static final String EVALUATORS = "$evaluators";
  private static final String DEFAULT = "defaultVariant";
  private static final String TARGETING = "targeting";
  private static final String OFF = "off";

  FlagdFormat {
    attributes = Map.copyOf(attributes);
  }

  @Override
  public void check(ObjectNode root) throws IOException {
    for (var entry : root.path("flags").properties()) {
      JsonNode flag = entry.getValue();
      String name = "flag \"" + entry.getKey() + "\"";
      if (flag.path("variants").isEmpty() || !flag.path("variants").isObject()) {
        throw new IOException(name + " has no variants");
      }
      if (!Set.of("ENABLED", "DISABLED").contains(flag.path("state").asText())) {
        throw new IOException(name + " must have a state, ENABLED or DISABLED");
      }
    }
  }

  @Override
  public FlagState state(String key, ObjectNode flag) {
    JsonNode metadata = flag.path("metadata");
    return new FlagState(
        key,
        FlagJson.hash(flag),
        isEnabled(flag),
        variants(flag),
        off(flag),
        metadata.path("temporary").asBoolean(true),
        false,
        tags(metadata),
        flag.toString());
  }

  /** Metadata has no lists, so that tags are one text, with commas between them. */
  private static Set<String> tags(JsonNode metadata) {
    return Pattern.compile(",")
        .splitAsStream(metadata.path("tags").asText())
        .map(String::strip)
        .filter(tag -> !tag.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static boolean isEnabled(ObjectNode flag) {
    return flag.path("state").asText().equals("ENABLED");
  }

  private static List<String> variants(JsonNode flag) {
    List<String> names = new ArrayList<>();
    flag.path("variants").fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** The variant that stands for the feature being off: named so, or else the only false one. */
  private static @Nullable String off(ObjectNode flag) {
    String named = flag.path("metadata").path(OFF).asText(OFF);
    if (flag.path("variants").has(named)) {
      return named;
    }
    List<String> untrue =
        flag.path("variants")
            .propertyStream()
            .filter(variant -> variant.getValue().isBoolean() && !variant.getValue().asBoolean())
            .map(Map.Entry::getKey)
            .toList();
    return untrue.size() == 1 ? untrue.getFirst() : null;
  }

  /** No flag of flagd's can ask another. */
  @Override
  public Dependents dependents(FlagDocument document) {
    return new Dependents(Map.of());
  }

  @Override
  public Edit withdraw(FlagDocument document, ObjectNode flag, Withdrawal withdrawal) {
    if (withdrawal.audience() instanceof Audience.Segment(String key)
        && !document.has(EVALUATORS, key)) {
      return new Edit.Impossible("the flag file has no " + EVALUATORS + " called " + key);
    }
    return withdraw(flag, withdrawal);
  }

  private Edit withdraw(ObjectNode flag, Withdrawal withdrawal) {
    List<String> variants = variants(flag);
    String name = "flag " + withdrawal.flag();
    for (String variant : List.of(withdrawal.fromVariation(), withdrawal.toVariation())) {
      if (!variants.contains(variant)) {
        return new Edit.Impossible(name + " has no variation " + variant + ", only " + variants);
      }
    }
    if (withdrawal.fromVariation().equals(withdrawal.toVariation())) {
      return new Edit.Impossible("it would serve " + withdrawal.toVariation() + " as before");
    }
    if (!isEnabled(flag)) {
      return new Edit.Impossible(name + " is off already");
    }
    if (holds(flag, withdrawal)) {
      return new Edit.Impossible(name + " serves it already");
    }
    ObjectNode after = flag.deepCopy();
    JsonNode question = question(withdrawal.audience());
    if (question == null) {
      after.put(DEFAULT, withdrawal.toVariation()).remove(TARGETING);
      return new Edit.Edited(after);
    }
    ArrayNode branches = FlagJson.MAPPER.createArrayNode();
    branches.add(question).add(withdrawal.toVariation());
    if (!flag.path(TARGETING).isEmpty()) {
      branches.add(flag.path(TARGETING));
    }
    after.putObject(TARGETING).set("if", branches);
    return new Edit.Edited(after);
  }

  /** Asks in JsonLogic whether a context is one of the audience; null where everyone is. */
  private @Nullable JsonNode question(Audience audience) {
    ObjectNode question = FlagJson.MAPPER.createObjectNode();
    return switch (audience) {
      case Audience.Everyone _ -> null;
      case Audience.Segment(String key) -> question.put("$ref", key);
      case Audience.Contexts(String kind, List<String> keys) -> {
        ArrayNode in = question.putArray("in");
        in.addObject().put("var", attribute(kind));
        ArrayNode list = in.addArray();
        keys.forEach(list::add);
        yield question;
      }
    };
  }

  private String attribute(String kind) {
    return attributes.getOrDefault(kind, kind.equals("user") ? TARGETING_KEY : kind);
  }

  @Override
  public boolean holds(ObjectNode flag, Withdrawal withdrawal) {
    JsonNode question = question(withdrawal.audience());
    if (question == null) {
      return flag.path(TARGETING).isEmpty()
          && flag.path(DEFAULT).asText().equals(withdrawal.toVariation());
    }
    JsonNode at = flag.path(TARGETING);
    while (!at.isMissingNode()) {
      if (asks(at, question, withdrawal.toVariation())) {
        return true;
      }
      at = otherwise(at);
    }
    return false;
  }

  private static boolean asks(JsonNode targeting, JsonNode question, String variant) {
    JsonNode branches = targeting.path("if");
    return branches.path(0).equals(question) && branches.path(1).asText().equals(variant);
  }

  /** What is asked where the first question is answered no; missing where that is nothing. */
  private static JsonNode otherwise(JsonNode targeting) {
    JsonNode branches = targeting.path("if");
    return branches.size() == 3 ? branches.path(2) : MissingNode.getInstance();
  }

  @Override
  public Edit restore(ObjectNode now, String definitionBefore, Withdrawal withdrawal) {
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
        && after.equals(now)) {
      return new Edit.Edited(before);
    }
    ObjectNode restored = now.deepCopy();
    JsonNode question = question(withdrawal.audience());
    if (question == null) {
      putBack(restored, before, DEFAULT);
      putBack(restored, before, TARGETING);
    } else {
      JsonNode rest = without(restored.path(TARGETING), question, withdrawal.toVariation());
      if (rest.isMissingNode()) {
        restored.remove(TARGETING);
      } else {
        restored.set(TARGETING, rest);
      }
    }
    return new Edit.Edited(restored);
  }

  /**
   * A share is dealt out by flagd's own operation where no targeting was there before. A context
   * without the key is not asked, and has the default, which is what it is served since.
   */
  @Override
  public Edit step(ObjectNode now, Restoration step) {
    Withdrawal withdrawal = step.withdrawal();
    return switch (step.portion()) {
      case Restoration.Portion.Share share
          when withdrawal.audience() instanceof Audience.Everyone ->
          share(now, step, share);
      case Restoration.Portion.Contexts(List<String> keys)
          when withdrawal.audience() instanceof Audience.Contexts(_, List<String> all)
              && keys.containsAll(all) ->
          restore(now, step.before(), withdrawal);
      case Restoration.Portion.Contexts _, Restoration.Portion.Share _ ->
          new Edit.Impossible(
              "in flagd's format a withdrawal is given back at once, or from everyone by a share");
    };
  }

  private Edit share(ObjectNode now, Restoration step, Restoration.Portion.Share share) {
    Withdrawal withdrawal = step.withdrawal();
    if (step.before().isBlank()) {
      return new Edit.Impossible("it is not known what the flag was before");
    }
    ObjectNode before = FlagJson.object(step.before());
    ObjectNode after = now.deepCopy();
    if (share.percent() == 100) {
      putBack(after, before, DEFAULT);
      putBack(after, before, TARGETING);
      return new Edit.Edited(after);
    }
    if (!before.path(TARGETING).isEmpty()
        || !before.path(DEFAULT).asText().equals(withdrawal.fromVariation())) {
      return new Edit.Impossible(
          "flag %s had targeting of its own, which a share would upset: give it back at once"
              .formatted(withdrawal.flag()));
    }
    after.put(DEFAULT, withdrawal.toVariation());
    ObjectNode key = FlagJson.MAPPER.createObjectNode();
    key.put("var", attribute(share.contextKind()));
    ArrayNode branches = after.putObject(TARGETING).putArray("if");
    branches.add(key);
    ArrayNode fractional = branches.addObject().putArray("fractional");
    fractional.addObject().putArray("cat").add(flagKey()).add(key.deepCopy());
    fractional.addArray().add(withdrawal.toVariation()).add(100 - share.percent());
    fractional.addArray().add(withdrawal.fromVariation()).add(share.percent());
    return new Edit.Edited(after);
  }

  private static ObjectNode flagKey() {
    return FlagJson.MAPPER.createObjectNode().put("var", "$flagd.flagKey");
  }

  private static void putBack(ObjectNode restored, ObjectNode before, String member) {
    if (before.has(member)) {
      restored.set(member, before.path(member));
    } else {
      restored.remove(member);
    }
  }

  /** Targeting without the question, in the place of which stands what was asked after it. */
  private static JsonNode without(JsonNode targeting, JsonNode question, String variant) {
    if (targeting.isMissingNode() || asks(targeting, question, variant)) {
      return otherwise(targeting);
    }
    JsonNode rest = without(otherwise(targeting), question, variant);
    if (targeting.path("if") instanceof ArrayNode branches && branches.size() == 3) {
      branches.remove(2);
      if (!rest.isMissingNode()) {
        branches.add(rest);
      }
    }
    return targeting;
  }
}
