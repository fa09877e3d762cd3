package firebreak.flags;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.flags.FlagSwitch.Landing;
import firebreak.flags.LaunchDarklyApi.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** LaunchDarkly's audit log: whose changes a flag has seen, and what happened of late. */
final class LaunchDarklyAudit {

  /** The most that the API gives at once. */
  static final int ENTRIES_PER_PAGE = 20;

  static final int PAGES_AT_MOST = 10;

  /** How far an entry's date may lie before the flag's own date of the same change. */
  static final Duration DATES_DIFFER_AT_MOST = Duration.ofSeconds(5);

  private static final String BEHIND = "the audit log does not have the flag's last change yet";

  private final LaunchDarklyApi api;
  private final Flags.Access access;

  LaunchDarklyAudit(LaunchDarklyApi api, Flags.Access access) {
    this.api = api;
    this.access = access;
  }

  /** Looks for the withdrawal's intent among the newest entries on its flag. */
  Landing find(Withdrawal withdrawal, LaunchDarklyFlag now) {
    String path =
        "/api/v2/auditlog?limit=%d&spec=%s"
            .formatted(ENTRIES_PER_PAGE, LaunchDarklyApi.escape(resource(withdrawal)));
    String before = "";
    for (int page = 0; page < PAGES_AT_MOST; page++) {
      Reply reply = api.get(path + before);
      if (!(reply instanceof Reply.Answer answer) || !answer.body().path("items").isArray()) {
        return new Landing.Unreachable("the audit log: " + describe(reply));
      }
      JsonNode items = answer.body().path("items");
      for (JsonNode entry : items) {
        if ((entry.path("comment").asText() + " ").contains(Targeting.mark(withdrawal) + " ")) {
          return landed(entry.path("_id").asText(), now);
        }
      }
      if (page == 0 && lags(items, now)) {
        return new Landing.Unreachable(BEHIND);
      }
      if (items.size() < ENTRIES_PER_PAGE) {
        break;
      }
      before = "&before=" + (items.path(items.size() - 1).path("date").asLong() + 1);
    }
    return new Landing.Absent();
  }

  /** Whose change brought what a withdrawal does. */
  sealed interface Author {

    /**
     * An entry that fits.
     *
     * @param by empty when the entry does not say
     */
    record Named(String by, LaunchDarklyFlag before, LaunchDarklyFlag after) implements Author {}

    record Unnamed() implements Author {}

    record Unreachable(String why) implements Author {}
  }

  /**
   * Finds the change since that time after which the flag had what the withdrawal does and before
   * which it had not, among the newest {@link #ENTRIES_PER_PAGE}. A person's own words need not
   * carry the intent.
   */
  Author author(Withdrawal withdrawal, Instant since, LaunchDarklyFlag now) {
    String path =
        "/api/v2/auditlog?limit=%d&after=%d&spec=%s"
            .formatted(
                ENTRIES_PER_PAGE,
                since.minus(DATES_DIFFER_AT_MOST).toEpochMilli(),
                LaunchDarklyApi.escape(resource(withdrawal)));
    Reply list = api.get(path);
    if (!(list instanceof Reply.Answer answer) || !answer.body().path("items").isArray()) {
      return new Author.Unreachable("the audit log: " + describe(list));
    }
    for (JsonNode item : answer.body().path("items")) {
      Reply reply =
          api.get("/api/v2/auditlog/" + LaunchDarklyApi.escape(item.path("_id").asText()));
      if (!(reply instanceof Reply.Answer entry) || entry.status() != 200) {
        return new Author.Unreachable("the audit log's entry: " + describe(reply));
      }
      var before = LaunchDarklyFlag.of(entry.body().path("previousVersion"), access.environment());
      var after = LaunchDarklyFlag.of(entry.body().path("currentVersion"), access.environment());
      if (before.isPresent()
          && after.isPresent()
          && !Targeting.holds(before.get().definition(), withdrawal)
          && Targeting.holds(after.get().definition(), withdrawal)) {
        return new Author.Named(
            entry.body().path("member").path("email").asText(), before.get(), after.get());
      }
    }
    return lags(answer.body().path("items"), now)
        ? new Author.Unreachable(BEHIND)
        : new Author.Unnamed();
  }

  /** Whether the flag's last change is not among the newest entries yet. */
  private boolean lags(JsonNode items, LaunchDarklyFlag now) {
    long newest = items.path(0).path("date").asLong(0);
    return newest + DATES_DIFFER_AT_MOST.toMillis() < now.lastModified(access.environment());
  }

  private String resource(Withdrawal withdrawal) {
    return "proj/%s:env/%s:flag/%s"
        .formatted(access.project(), access.environment(), withdrawal.flag());
  }

  /** The entry itself has what a list leaves out: the flag before the change, and after it. */
  private Landing landed(String id, LaunchDarklyFlag now) {
    Reply reply = api.get("/api/v2/auditlog/" + LaunchDarklyApi.escape(id));
    if (!(reply instanceof Reply.Answer answer) || answer.status() != 200) {
      return new Landing.Unreachable("the audit log's entry: " + describe(reply));
    }
    var before = LaunchDarklyFlag.of(answer.body().path("previousVersion"), access.environment());
    var after = LaunchDarklyFlag.of(answer.body().path("currentVersion"), access.environment());
    return new Landing.Landed(
        after.orElse(now).fence(),
        before.map(flag -> flag.definition().toString()).orElse(""),
        after.orElse(now).definition().toString());
  }

  /**
   * The ids of the entries on the environment's flags since that time, newest first; of more than
   * {@link #PAGES_AT_MOST} pages the newest.
   *
   * @throws UncheckedIOException if LaunchDarkly does not answer
   */
  List<String> since(Instant time) {
    String path =
        "/api/v2/auditlog?limit=%d&after=%d&spec=%s"
            .formatted(
                ENTRIES_PER_PAGE,
                time.toEpochMilli(),
                LaunchDarklyApi.escape(
                    "proj/%s:env/%s:flag/*".formatted(access.project(), access.environment())));
    Set<String> ids = new LinkedHashSet<>();
    String before = "";
    for (int page = 0; page < PAGES_AT_MOST; page++) {
      JsonNode items = answer(api.get(path + before)).path("items");
      items.forEach(entry -> ids.add(entry.path("_id").asText()));
      if (items.size() < ENTRIES_PER_PAGE) {
        break;
      }
      before = "&before=" + (items.path(items.size() - 1).path("date").asLong() + 1);
    }
    return List.copyOf(ids);
  }

  /**
   * A whole entry, as LaunchDarkly's webhooks have it.
   *
   * @throws UncheckedIOException if LaunchDarkly does not answer
   */
  String entry(String id) {
    return answer(api.get("/api/v2/auditlog/" + LaunchDarklyApi.escape(id))).toString();
  }

  private static JsonNode answer(Reply reply) {
    if (reply instanceof Reply.Answer answer && answer.status() == 200) {
      return answer.body();
    }
    throw new UncheckedIOException(new IOException("the audit log: " + describe(reply)));
  }

  private static String describe(Reply reply) {
    return switch (reply) {
      case Reply.NotSent(String why) -> why;
      case Reply.Lost(String why) -> why;
      case Reply.Answer answer -> "it answered " + answer.status() + ": " + answer.message();
    };
  }
}
