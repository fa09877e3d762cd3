package firebreak.flags;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.flags.Restoration.Portion;
import firebreak.flags.Targeting.Edit;
import java.util.ArrayList;
import java.util.List;

/**
 * What a step of the way back does to a flag's definition, in the shape that a flag file and
 * LaunchDarkly's environments share.
 *
 * <p>A share of 5 % is 5 % of what each rule and the fallthrough served before; targets of the
 * withdrawn variation wait for 100 %. In a percentage rollout the withdrawn variation stands last:
 * the SDK puts contexts without the rollout's kind into its first bucket, and those must not all
 * have it at 1 %. So whoever has it at one step has it at the next.
 */
final class Ramp {
  private static final String VARIATION = "variation";
  private static final String ROLLOUT = "rollout";
  private static final int WHOLE = 100_000;

  private final Withdrawal withdrawal;
  private final int from;
  private final int to;
  private final int percent;
  private final String contextKind;

  private Ramp(ObjectNode flag, Withdrawal withdrawal, Portion.Share share) {
    List<String> variations = FlagJson.variations(flag);
    this.withdrawal = withdrawal;
    this.from = variations.indexOf(withdrawal.fromVariation());
    this.to = variations.indexOf(withdrawal.toVariation());
    this.percent = share.percent();
    this.contextKind = share.contextKind();
  }

  /** The flag with that much given back. */
  static Edit step(ObjectNode now, Restoration step) {
    if (step.before().isBlank()) {
      return new Edit.Impossible("it is not known what the flag was before");
    }
    ObjectNode before = FlagJson.object(step.before());
    return switch (step.withdrawal().audience()) {
      case Audience.Everyone _ when step.portion() instanceof Portion.Share share ->
          share.percent() == 100
              ? new Edit.Edited(with(now, before))
              : new Ramp(before, step.withdrawal(), share).of(now, before);
      case Audience.Contexts(String kind, _)
          when step.portion() instanceof Portion.Contexts(List<String> keys) ->
          contexts(now, before, step.withdrawal(), new Audience.Contexts(kind, keys));
      case Audience.Everyone _ ->
          new Edit.Impossible("it was taken from everyone, and is given back by a share");
      case Audience.Contexts _ ->
          new Edit.Impossible("it was taken from a few, and is given back by their keys");
      case Audience.Segment _ ->
          new Edit.Impossible("what was taken from a segment is given back at once, by an undo");
    };
  }

  private static Edit contexts(
      ObjectNode now, ObjectNode before, Withdrawal withdrawal, Audience.Contexts some) {
    int to = FlagJson.variations(now).indexOf(withdrawal.toVariation());
    if (!new ContextTargets(now).serves(some, to)) {
      return new Edit.Impossible(
          "it is not taken from %s %s".formatted(some.kind(), String.join(", ", some.keys())));
    }
    if (withdrawal.audience() instanceof Audience.Contexts all
        && some.keys().containsAll(all.keys())) {
      return Targeting.restore(now, before.toString(), withdrawal);
    }
    ObjectNode after = now.deepCopy();
    new ContextTargets(after).putBack(some, before);
    return new Edit.Edited(after);
  }

  private Edit of(ObjectNode now, ObjectNode before) {
    if (from < 0 || to < 0) {
      return new Edit.Impossible(
          "flag %s has no variations %s and %s any more"
              .formatted(withdrawal.flag(), withdrawal.fromVariation(), withdrawal.toVariation()));
    }
    ObjectNode scaled = before.deepCopy();
    List<JsonNode> served = new ArrayList<>(List.of(scaled.path("fallthrough")));
    scaled.path("rules").forEach(served::add);
    for (JsonNode one : served) {
      if (one instanceof ObjectNode place && !scale(place)) {
        return new Edit.Impossible(
            "flag %s deals out more than %s and %s, or an experiment, which a share would upset"
                .formatted(
                    withdrawal.flag(), withdrawal.fromVariation(), withdrawal.toVariation()));
      }
    }
    holdBackTargets(scaled);
    return new Edit.Edited(with(now, scaled));
  }

  /** Whether the place can serve the share. */
  private boolean scale(ObjectNode place) {
    if (place.path(VARIATION).asInt(-1) == from) {
      place.remove(VARIATION);
      ObjectNode rollout = place.putObject(ROLLOUT);
      rollout.put("contextKind", contextKind);
      deal(rollout, WHOLE, WHOLE);
      return true;
    }
    if (!(place.path(ROLLOUT) instanceof ObjectNode rollout)) {
      return true;
    }
    int whole = 0;
    int withdrawn = 0;
    boolean others = rollout.path("kind").asText().equals("experiment");
    for (JsonNode one : rollout.path("variations")) {
      int weight = one.path("weight").asInt();
      int variation = one.path(VARIATION).asInt();
      whole += weight;
      withdrawn += variation == from ? weight : 0;
      others |= variation != from && variation != to && weight > 0;
    }
    if (withdrawn > 0 && !others) {
      deal(rollout, whole, withdrawn);
    }
    return withdrawn == 0 || !others;
  }

  private void deal(ObjectNode rollout, int whole, int withdrawn) {
    int share = Math.toIntExact((long) withdrawn * percent / 100);
    ArrayNode variations = rollout.putArray("variations");
    variations.addObject().put(VARIATION, to).put("weight", whole - share);
    variations.addObject().put(VARIATION, from).put("weight", share);
  }

  private void holdBackTargets(ObjectNode flag) {
    for (String list : List.of("targets", "contextTargets")) {
      for (JsonNode target : flag.path(list).deepCopy()) {
        List<String> keys = new ArrayList<>();
        target.path("values").forEach(key -> keys.add(key.asText()));
        if (target.path(VARIATION).asInt(-1) == from && !keys.isEmpty()) {
          String kind = target.path("contextKind").asText("user");
          new ContextTargets(flag)
              .serve(new Audience.Contexts(kind.isEmpty() ? "user" : kind, keys), from, to);
        }
      }
    }
  }

  /** The flag as it is now, targeted as the other one is. */
  private static ObjectNode with(ObjectNode now, ObjectNode targeting) {
    ObjectNode after = now.deepCopy();
    for (String part : LaunchDarklyFlag.EDITED) {
      if (targeting.has(part)) {
        after.set(part, targeting.get(part).deepCopy());
      } else {
        after.remove(part);
      }
    }
    return after;
  }
}
