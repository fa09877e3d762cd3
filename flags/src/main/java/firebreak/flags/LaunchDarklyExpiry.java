package firebreak.flags;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.flags.LaunchDarkly.Found;
import firebreak.flags.LaunchDarklyApi.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * LaunchDarkly's expiring targets of a flag in one environment: it removes each from the flag's
 * individual targeting at its date.
 */
final class LaunchDarklyExpiry {
  private final LaunchDarklyApi api;
  private final Flags.Access access;
  private final Function<String, Found> flags;

  LaunchDarklyExpiry(LaunchDarklyApi api, Flags.Access access, Function<String, Found> flags) {
    this.api = api;
    this.access = access;
    this.flags = flags;
  }

  /**
   * Those there are.
   *
   * @throws UncheckedIOException if LaunchDarkly does not answer
   */
  List<ExpiringTarget> read(String flag) {
    if (!(flags.apply(flag) instanceof Found.Flag(LaunchDarklyFlag there))) {
      throw new UncheckedIOException(new IOException("flag " + flag + " cannot be read"));
    }
    return read(there, flag);
  }

  private List<ExpiringTarget> read(LaunchDarklyFlag there, String flag) {
    Reply reply = api.get(path(flag));
    if (!(reply instanceof Reply.Answer answer) || !answer.body().path("items").isArray()) {
      throw new UncheckedIOException(new IOException("expiring targets: " + said(reply)));
    }
    List<String> variations = FlagJson.variations(there.definition());
    List<ExpiringTarget> all = new ArrayList<>();
    for (JsonNode item : answer.body().path("items")) {
      int index = there.variation(item.path("variationId").asText());
      all.add(
          new ExpiringTarget(
              item.path("contextKind").asText("user"),
              item.path("contextKey").asText(),
              index < 0 ? "" : variations.get(index),
              Instant.ofEpochMilli(item.path("expirationDate").asLong())));
    }
    return all;
  }

  /** Gives the targets of an applied withdrawal an end. */
  Outcome expire(Withdrawal withdrawal, Instant at) {
    if (!(withdrawal.audience() instanceof Audience.Contexts(String kind, List<String> keys))) {
      return new Outcome.Refused("only the targets of contexts have an end");
    }
    LaunchDarklyFlag now;
    switch (flags.apply(withdrawal.flag())) {
      case Found.Not(Outcome outcome) -> {
        return outcome;
      }
      case Found.Flag(LaunchDarklyFlag flag) -> now = flag;
    }
    if (!Targeting.holds(now.definition(), withdrawal)) {
      return new Outcome.Refused("the targets are not there any more");
    }
    Set<String> ending;
    try {
      ending =
          read(now, withdrawal.flag()).stream()
              .filter(one -> one.contextKind().equals(kind))
              .map(ExpiringTarget::key)
              .collect(Collectors.toSet());
    } catch (UncheckedIOException e) {
      return new Outcome.Unavailable(String.valueOf(e.getMessage()), LaunchDarkly.RETRY_AFTER);
    }
    int to = FlagJson.variations(now.definition()).indexOf(withdrawal.toVariation());
    ObjectNode body = FlagJson.MAPPER.createObjectNode();
    body.put("comment", Targeting.mark(withdrawal) + " " + withdrawal.comment());
    ArrayNode instructions = body.putArray("instructions");
    for (String key : keys) {
      instructions
          .addObject()
          .put("kind", ending.contains(key) ? "updateExpiringTarget" : "addExpiringTarget")
          .put("contextKind", kind)
          .put("contextKey", key)
          .put("variationId", now.variationId(to))
          .put("value", at.toEpochMilli());
    }
    return written(withdrawal, now, api.semanticPatch(path(withdrawal.flag()), body));
  }

  private Outcome written(Withdrawal withdrawal, LaunchDarklyFlag before, Reply reply) {
    return switch (reply) {
      case Reply.NotSent(String why) -> new Outcome.Unavailable(why, LaunchDarkly.RETRY_AFTER);
      case Reply.Lost(String why) -> new Outcome.Unknown(why);
      case Reply.Answer answer
          when answer.status() == 200 && answer.body().path("errors").isEmpty() ->
          flags.apply(withdrawal.flag()) instanceof Found.Flag(LaunchDarklyFlag after)
              ? new Outcome.Applied(
                  after.fence(), before.definition().toString(), after.definition().toString())
              : new Outcome.Unknown("the flag could not be read again");
      case Reply.Answer answer when answer.status() == 200 ->
          new Outcome.Refused(answer.body().path("errors").path(0).path("message").asText());
      case Reply.Answer answer when answer.status() == 429 || answer.status() == 409 ->
          new Outcome.Unavailable(said(reply), answer.retryAfter());
      case Reply.Answer answer when answer.status() >= 500 -> new Outcome.Unknown(said(reply));
      case Reply.Answer _ -> new Outcome.Refused(said(reply));
    };
  }

  private String path(String flag) {
    return "/api/v2/flags/%s/%s/expiring-targets/%s"
        .formatted(
            LaunchDarklyApi.escape(access.project()),
            LaunchDarklyApi.escape(flag),
            LaunchDarklyApi.escape(access.environment()));
  }

  private static String said(Reply reply) {
    return switch (reply) {
      case Reply.NotSent(String why) -> why;
      case Reply.Lost(String why) -> why;
      case Reply.Answer answer ->
          "LaunchDarkly answered " + answer.status() + ": " + answer.message();
    };
  }
}
