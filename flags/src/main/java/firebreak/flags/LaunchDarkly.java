package firebreak.flags;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.flags.LaunchDarklyApi.Reply;
import firebreak.flags.Targeting.Edit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Flags in one environment of LaunchDarkly, changed over its REST API.
 *
 * <p>The fence is the environment's version of the flag. Each write is one JSON Patch that tests
 * the version first; a semantic patch could not carry that condition. The comment carries the
 * intent, by which the audit log tells later whether a write without an answer has landed.
 */
public final class LaunchDarkly implements FlagSwitch, AutoCloseable {
  static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  static final int FLAGS_PER_PAGE = 100;

  /**
   * With all their targets; a page of them must fit into {@link
   * LaunchDarklyApi#REPLY_BYTES_AT_MOST}.
   */
  static final int FLAGS_IN_FULL_PER_PAGE = 25;

  static final int FLAGS_AT_MOST = 20_000;

  private final Flags.Access access;
  private final LaunchDarklyApi api;
  private volatile @Nullable Dependents dependents;

  LaunchDarkly(Flags.Access access) {
    this.access = access;
    this.api = new LaunchDarklyApi(access);
  }

  @Override
  public List<String> keys() {
    return list(FLAGS_PER_PAGE, "").stream().map(flag -> flag.path("key").asText()).toList();
  }

  /** One request for many flags, since all tokens of an account share its limits. */
  @Override
  public List<FlagState> all() {
    List<LaunchDarklyFlag> flags =
        list(
                FLAGS_IN_FULL_PER_PAGE,
                "&summary=0&filter=" + LaunchDarklyApi.escape("filterEnv:" + access.environment()))
            .stream()
            .map(flag -> LaunchDarklyFlag.of(flag, access.environment()))
            .flatMap(Optional::stream)
            .toList();
    Dependents found = Dependents.of(flags.stream().map(LaunchDarklyFlag::definition).toList());
    dependents = found;
    return flags.stream().map(flag -> found.of(flag.state())).toList();
  }

  private List<JsonNode> list(int perPage, String query) {
    List<JsonNode> flags = new ArrayList<>();
    while (flags.size() < FLAGS_AT_MOST) {
      JsonNode items = page(flags.size(), perPage, query);
      items.forEach(flags::add);
      if (items.size() < perPage) {
        break;
      }
    }
    return flags;
  }

  /** As of the last time that all flags were looked at. */
  private Dependents dependents() {
    if (dependents == null) {
      all();
    }
    return Objects.requireNonNull(dependents);
  }

  @Override
  public Optional<FlagState> read(String flag) {
    Reply reply = api.get(flagPath(flag));
    if (reply instanceof Reply.Answer answer && answer.status() == 404) {
      return Optional.empty();
    }
    return switch (found(flag, reply)) {
      case Found.Flag(LaunchDarklyFlag there) -> Optional.of(dependents().of(there.state()));
      case Found.Not(Outcome outcome) -> throw unreadable(why(outcome));
    };
  }

  @Override
  public Outcome apply(Withdrawal withdrawal) {
    return change(withdrawal, withdrawal.fence(), withdrawing(withdrawal), comment(withdrawal), "");
  }

  @Override
  public Outcome dryRun(Withdrawal withdrawal) {
    return change(
        withdrawal,
        withdrawal.fence(),
        withdrawing(withdrawal),
        comment(withdrawal),
        "?dryRun=true");
  }

  @Override
  public Approvals approvals() {
    return new LaunchDarklyApprovals(api, access, this::found);
  }

  @Override
  public boolean removesTargets() {
    return true;
  }

  @Override
  public List<ExpiringTarget> expiring(String flag) {
    return new LaunchDarklyExpiry(api, access, this::found).read(flag);
  }

  @Override
  public Outcome expire(Withdrawal withdrawal, Instant at) {
    return new LaunchDarklyExpiry(api, access, this::found).expire(withdrawal, at);
  }

  @Override
  public boolean holds(Withdrawal withdrawal) {
    return switch (found(withdrawal.flag())) {
      case Found.Flag(LaunchDarklyFlag now) -> Targeting.holds(now.definition(), withdrawal);
      case Found.Not(Outcome outcome) -> throw unreadable(why(outcome));
    };
  }

  private Found found(String flag) {
    return found(flag, api.get(flagPath(flag)));
  }

  @Override
  public Outcome undo(Withdrawal withdrawal, String before, String fence) {
    return change(
        withdrawal,
        fence,
        now -> Targeting.restore(now, before, withdrawal),
        "firebreak undo=" + withdrawal.intent() + " a person puts back what was withdrawn",
        "");
  }

  @Override
  public Outcome restore(Restoration step) {
    return restore(step, "");
  }

  @Override
  public Outcome dryRun(Restoration step) {
    return restore(step, "?dryRun=true");
  }

  private Outcome restore(Restoration step, String query) {
    return change(
        step.withdrawal(),
        step.fence(),
        now -> Ramp.step(now, step),
        comment(step.asWritten()),
        query);
  }

  @Override
  public Landing landed(Restoration step) {
    return landed(step.asWritten());
  }

  @Override
  public Landing landed(Withdrawal withdrawal) {
    return switch (found(withdrawal.flag(), api.get(flagPath(withdrawal.flag())))) {
      case Found.Not(Outcome outcome) -> new Landing.Unreachable(why(outcome));
      case Found.Flag(LaunchDarklyFlag now) ->
          now.version() == version(withdrawal.fence())
              ? new Landing.Absent()
              : new LaunchDarklyAudit(api, access).find(withdrawal, now);
    };
  }

  /**
   * The ids of the audit log's entries on the environment's flags since that time, newest first.
   *
   * @throws UncheckedIOException if LaunchDarkly does not answer
   */
  public List<String> auditedSince(Instant time) {
    return new LaunchDarklyAudit(api, access).since(time);
  }

  /**
   * An entry of the audit log as JSON text: what its webhook sends.
   *
   * @throws UncheckedIOException if LaunchDarkly does not answer
   */
  public String audited(String id) {
    return new LaunchDarklyAudit(api, access).entry(id);
  }

  /**
   * Whether LaunchDarkly honours the condition that a write carries. Asked by dry runs on the first
   * flag: one that names a version that cannot be must fail, and the same one with the version in
   * force must pass. While this is false, nothing may act by itself.
   */
  @Override
  public boolean preconditionsEnforced() {
    try {
      JsonNode first = page(0, 1, "").path(0).path("key");
      if (first.isMissingNode()
          || !(found(first.asText(), api.get(flagPath(first.asText())))
              instanceof Found.Flag(LaunchDarklyFlag flag))) {
        return false;
      }
      int wrong = probe(flag, first.asText(), -1);
      int right = probe(flag, first.asText(), flag.version());
      return (wrong == 400 || wrong == 409) && right == 200;
    } catch (UncheckedIOException _) {
      return false;
    }
  }

  /** The status of a dry run that turns a flag off, if it has that version. */
  private int probe(LaunchDarklyFlag flag, String key, long version) {
    ObjectNode off = flag.definition().deepCopy().put("on", false);
    LaunchDarklyFlag on =
        new LaunchDarklyFlag(flag.flag(), flag.definition().deepCopy().put("on", true));
    ObjectNode body = FlagJson.MAPPER.createObjectNode();
    body.set("patch", on.patchTo(off, access.environment(), version));
    body.put("comment", "firebreak asks whether versions are tested");
    return api.patch(flagPath(key) + "?dryRun=true", body) instanceof Reply.Answer answer
        ? answer.status()
        : -1;
  }

  private static Function<ObjectNode, Edit> withdrawing(Withdrawal withdrawal) {
    return now -> Targeting.withdraw(now, withdrawal);
  }

  private static String comment(Withdrawal withdrawal) {
    return Targeting.mark(withdrawal) + " " + withdrawal.comment();
  }

  private Outcome change(
      Withdrawal withdrawal,
      String fence,
      Function<ObjectNode, Edit> edit,
      String comment,
      String query) {
    long version = version(fence);
    LaunchDarklyFlag now;
    switch (found(withdrawal.flag(), api.get(flagPath(withdrawal.flag())))) {
      case Found.Not(Outcome outcome) -> {
        return outcome;
      }
      case Found.Flag(LaunchDarklyFlag flag) -> now = flag;
    }
    if (now.version() != version) {
      return new Outcome.Superseded(now.fence());
    }
    return switch (edit.apply(now.definition())) {
      case Edit.Impossible(String why) -> new Outcome.Refused(why);
      case Edit.Edited(ObjectNode after) -> send(withdrawal, now, after, comment, query);
    };
  }

  /** Writes, on the condition that LaunchDarkly still has the flag as it was read. */
  Outcome send(
      Withdrawal withdrawal, LaunchDarklyFlag now, ObjectNode after, String comment, String query) {
    ObjectNode body = FlagJson.MAPPER.createObjectNode();
    body.set("patch", now.patchTo(after, access.environment(), now.version()));
    body.put("comment", comment);
    Reply reply = api.patch(flagPath(withdrawal.flag()) + query, body);
    Outcome outcome = written(withdrawal.flag(), now, reply, !query.isEmpty());
    // What would be asked for can be shown, though the API does not say it without an approval.
    return outcome instanceof Outcome.NeedsApproval && !query.isEmpty()
        ? new Outcome.WouldApply(now.definition().toString(), after.toString())
        : outcome;
  }

  private Outcome written(String flag, LaunchDarklyFlag before, Reply reply, boolean dryRun) {
    return switch (reply) {
      case Reply.NotSent(String why) -> new Outcome.Unavailable(why, RETRY_AFTER);
      case Reply.Lost(String why) -> unanswered(why, dryRun);
      case Reply.Answer answer when answer.status() == 400 || answer.status() == 409 ->
          notWritten(flag, before, answer);
      case Reply.Answer answer when answer.status() / 100 == 2 ->
          LaunchDarklyFlag.of(answer.body(), access.environment())
              .map(after -> done(before, after, dryRun))
              .orElseGet(() -> unanswered("PATCH: " + answer.message(), dryRun));
      case Reply.Answer answer when answer.status() >= 500 || answer.status() == 408 ->
          unanswered("PATCH answered " + answer.status() + ": " + answer.message(), dryRun);
      case Reply.Answer answer -> refused(flag, answer);
    };
  }

  private static Outcome done(LaunchDarklyFlag before, LaunchDarklyFlag after, boolean dryRun) {
    String was = before.definition().toString();
    String is = after.definition().toString();
    if (dryRun) {
      return new Outcome.WouldApply(was, is);
    }
    return after.version() == before.version()
        ? new Outcome.Unknown("PATCH was accepted, yet the version is still " + after.version())
        : new Outcome.Applied(after.fence(), was, is);
  }

  /** A failed test of the version is answered 400 or 409, and so is much else: look again. */
  private Outcome notWritten(String flag, LaunchDarklyFlag before, Reply.Answer answer) {
    return switch (found(flag, api.get(flagPath(flag)))) {
      case Found.Flag(LaunchDarklyFlag now) when now.version() != before.version() ->
          new Outcome.Superseded(now.fence());
      case Found.Flag(_) when answer.status() == 400 ->
          new Outcome.Refused("LaunchDarkly answered 400: " + answer.message());
      case Found.Flag(_) ->
          new Outcome.Unavailable(
              "LaunchDarkly answered 409: " + answer.message(), answer.retryAfter());
      case Found.Not(_) ->
          new Outcome.Unavailable(
              "LaunchDarkly answered %d (%s), and the flag could not be read again"
                  .formatted(answer.status(), answer.message()),
              RETRY_AFTER);
    };
  }

  private static Outcome unanswered(String why, boolean dryRun) {
    return dryRun ? new Outcome.Unavailable(why, RETRY_AFTER) : new Outcome.Unknown(why);
  }

  /** What an answer means that is neither a success nor a server's failure. */
  private Outcome refused(String flag, Reply.Answer answer) {
    String said = " (LaunchDarkly answered " + answer.status() + ": " + answer.message() + ")";
    return switch (answer.status()) {
      case 401 ->
          new Outcome.Refused("the access token is not valid: set flags.launchdarkly.token" + said);
      case 403 ->
          new Outcome.Refused(
              "the access token needs a role that may change the targeting of flag %s in %s/%s%s"
                  .formatted(flag, access.project(), access.environment(), said));
      case 404 ->
          new Outcome.Refused(
              "there is no flag %s in project %s%s".formatted(flag, access.project(), said));
      case 405 -> new Outcome.NeedsApproval(access.environment() + " requires approval" + said);
      case 429 -> new Outcome.Unavailable("too many requests" + said, answer.retryAfter());
      default -> new Outcome.Refused("is flags.launchdarkly.base_uri LaunchDarkly's?" + said);
    };
  }

  /** What stands in the way, in words. */
  static String why(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Refused(String why) -> why;
      case Outcome.Unavailable(String why, _) -> why;
      case Outcome.NeedsApproval(String why) -> why;
      case Outcome.Unknown(String why) -> why;
      case Outcome.Superseded _, Outcome.Applied _, Outcome.WouldApply _ -> outcome.toString();
    };
  }

  /** A flag as it was read, or why not. */
  sealed interface Found {
    record Flag(LaunchDarklyFlag flag) implements Found {}

    record Not(Outcome outcome) implements Found {}
  }

  private Found found(String flag, Reply reply) {
    return switch (reply) {
      case Reply.NotSent(String why) -> new Found.Not(new Outcome.Unavailable(why, RETRY_AFTER));
      case Reply.Lost(String why) -> new Found.Not(new Outcome.Unavailable(why, RETRY_AFTER));
      case Reply.Answer answer when answer.status() == 200 && answer.body().isMissingNode() ->
          new Found.Not(new Outcome.Unavailable("GET: " + answer.message(), RETRY_AFTER));
      case Reply.Answer answer when answer.status() == 200 ->
          LaunchDarklyFlag.of(answer.body(), access.environment())
              .<Found>map(Found.Flag::new)
              .orElseGet(
                  () ->
                      new Found.Not(
                          new Outcome.Refused(
                              "flag %s has no environment %s"
                                  .formatted(flag, access.environment()))));
      case Reply.Answer answer when answer.status() >= 500 || answer.status() == 408 ->
          new Found.Not(
              new Outcome.Unavailable(
                  "GET answered " + answer.status() + ": " + answer.message(), RETRY_AFTER));
      case Reply.Answer answer -> new Found.Not(refused(flag, answer));
    };
  }

  private JsonNode page(int offset, int limit, String query) {
    String path =
        "/api/v2/flags/%s?limit=%d&offset=%d&sort=key%s"
            .formatted(LaunchDarklyApi.escape(access.project()), limit, offset, query);
    Reply reply = api.get(path);
    if (reply instanceof Reply.Answer answer && answer.body().path("items").isArray()) {
      return answer.body().path("items");
    }
    throw unreadable(found("", reply) instanceof Found.Not(Outcome outcome) ? why(outcome) : path);
  }

  private String flagPath(String flag) {
    return "/api/v2/flags/"
        + LaunchDarklyApi.escape(access.project())
        + "/"
        + LaunchDarklyApi.escape(flag);
  }

  private static long version(String fence) {
    try {
      return Long.parseLong(fence);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "a fence of LaunchDarkly is a flag's version, a number, was \"" + fence + "\"", e);
    }
  }

  private static UncheckedIOException unreadable(String why) {
    return new UncheckedIOException(new IOException("flags in LaunchDarkly: " + why));
  }

  @Override
  public void close() {
    api.close();
  }
}
