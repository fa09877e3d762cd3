package firebreak.flags;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.flags.FlagSwitch.Landing;
import firebreak.flags.LaunchDarklyApi.Reply;
import java.time.Duration;

/** LaunchDarkly's audit log, asked whose changes a flag has seen. */
final class LaunchDarklyAudit {

  /** The most that the API gives at once. */
  static final int ENTRIES_PER_PAGE = 20;

  static final int PAGES_AT_MOST = 10;

  /** How far an entry's date may lie before the flag's own date of the same change. */
  static final Duration DATES_DIFFER_AT_MOST = Duration.ofSeconds(5);

  private final LaunchDarklyApi api;
  private final Flags.Access access;

  LaunchDarklyAudit(LaunchDarklyApi api, Flags.Access access) {
    this.api = api;
    this.access = access;
  }

  /** Looks for the withdrawal's intent among the newest entries on its flag. */
  Landing find(Withdrawal withdrawal, LaunchDarklyFlag now) {
    String resource =
        "proj/%s:env/%s:flag/%s"
            .formatted(access.project(), access.environment(), withdrawal.flag());
    String path =
        "/api/v2/auditlog?limit=" + ENTRIES_PER_PAGE + "&spec=" + LaunchDarklyApi.escape(resource);
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
      long newest = items.path(0).path("date").asLong(0);
      long changed = now.lastModified(access.environment());
      if (page == 0 && newest + DATES_DIFFER_AT_MOST.toMillis() < changed) {
        return new Landing.Unreachable("the audit log does not have the flag's last change yet");
      }
      if (items.size() < ENTRIES_PER_PAGE) {
        break;
      }
      before = "&before=" + (items.path(items.size() - 1).path("date").asLong() + 1);
    }
    return new Landing.Absent();
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

  private static String describe(Reply reply) {
    return switch (reply) {
      case Reply.NotSent(String why) -> why;
      case Reply.Lost(String why) -> why;
      case Reply.Answer answer -> "it answered " + answer.status() + ": " + answer.message();
    };
  }
}
