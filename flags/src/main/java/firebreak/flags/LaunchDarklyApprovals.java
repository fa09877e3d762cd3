package firebreak.flags;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.flags.LaunchDarkly.Found;
import firebreak.flags.LaunchDarklyApi.Reply;
import firebreak.flags.LaunchDarklyAudit.Author;
import firebreak.flags.Targeting.Edit;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * Approval requests of LaunchDarkly's for a flag in one environment.
 *
 * <p>A request's description carries the intent, so that one whose answer was lost is found again
 * and not made twice. Its change is a semantic patch, which cannot carry the fence: the people who
 * approve and apply it see the flag as it is then, and their word is what counts.
 */
final class LaunchDarklyApprovals implements Approvals {
  private final LaunchDarklyApi api;
  private final Flags.Access access;
  private final Function<String, Found> flags;

  /**
   * Over one environment.
   *
   * @param flags reads a flag by its key
   */
  LaunchDarklyApprovals(LaunchDarklyApi api, Flags.Access access, Function<String, Found> flags) {
    this.api = api;
    this.access = access;
    this.flags = flags;
  }

  @Override
  public Approval ask(Withdrawal withdrawal) {
    Reply list = api.get(path(withdrawal));
    if (!isSuccess(list)) {
      return trouble(list);
    }
    Optional<JsonNode> there = find(list, withdrawal);
    if (there.isPresent()) {
      return standing(there.get(), withdrawal);
    }
    return switch (flags.apply(withdrawal.flag())) {
      case Found.Not(Outcome.Unavailable(String why, Duration retryAfter)) ->
          new Approval.Unavailable(why, retryAfter);
      case Found.Not(Outcome outcome) -> new Approval.Refused(LaunchDarkly.why(outcome));
      case Found.Flag(LaunchDarklyFlag now) when !now.fence().equals(withdrawal.fence()) ->
          new Approval.Refused("somebody else has changed the flag meanwhile");
      case Found.Flag(LaunchDarklyFlag now) ->
          switch (Targeting.withdraw(now.definition(), withdrawal)) {
            case Edit.Impossible(String why) -> new Approval.Refused(why);
            case Edit.Edited _ -> create(withdrawal, now);
          };
    };
  }

  private Approval create(Withdrawal withdrawal, LaunchDarklyFlag now) {
    ObjectNode body = FlagJson.MAPPER.createObjectNode();
    body.put("description", description(withdrawal)).put("comment", withdrawal.comment());
    body.set("instructions", SemanticPatch.withdraw(now, withdrawal));
    Reply reply = api.post(path(withdrawal), body);
    return isSuccess(reply) && reply instanceof Reply.Answer answer
        ? standing(answer.body(), withdrawal)
        : trouble(reply);
  }

  @Override
  public Approval look(Withdrawal withdrawal, String id) {
    Reply reply = api.get(path(withdrawal) + "/" + LaunchDarklyApi.escape(id));
    if (isStatus(reply, 404)) {
      return new Approval.Deleted();
    }
    return isSuccess(reply) && reply instanceof Reply.Answer answer
        ? standing(answer.body(), withdrawal)
        : trouble(reply);
  }

  /**
   * Looks first, since what is carried out already cannot be taken back by deleting the request.
   */
  @Override
  public Approval takeBack(Withdrawal withdrawal, String id) {
    String known = id;
    if (id.isEmpty()) {
      Reply list = api.get(path(withdrawal));
      if (!isSuccess(list)) {
        return trouble(list);
      }
      known = find(list, withdrawal).map(one -> one.path("_id").asText()).orElse("");
      if (known.isEmpty()) {
        return new Approval.Deleted();
      }
    }
    Approval standing = look(withdrawal, known);
    return switch (standing) {
      case Approval.Waiting _, Approval.Declined _, Approval.Failed _ -> delete(withdrawal, known);
      case Approval.Applied _, Approval.Deleted _, Approval.Unavailable _, Approval.Refused _ ->
          standing;
    };
  }

  private Approval delete(Withdrawal withdrawal, String id) {
    Reply reply = api.delete(path(withdrawal) + "/" + LaunchDarklyApi.escape(id));
    return isSuccess(reply) || isStatus(reply, 404) ? new Approval.Deleted() : trouble(reply);
  }

  /** The oldest, so that two who asked at the same time mean the same one. */
  private static Optional<JsonNode> find(Reply list, Withdrawal withdrawal) {
    JsonNode oldest = null;
    if (list instanceof Reply.Answer answer) {
      for (JsonNode one : answer.body().path("items")) {
        boolean isOurs =
            (one.path("description").asText() + " ").contains(Targeting.mark(withdrawal) + " ");
        if (isOurs
            && (oldest == null
                || one.path("creationDate").asLong() < oldest.path("creationDate").asLong())) {
          oldest = one;
        }
      }
    }
    return Optional.ofNullable(oldest);
  }

  private Approval standing(JsonNode request, Withdrawal withdrawal) {
    String id = request.path("_id").asText();
    String status = request.path("status").asText();
    if (id.isEmpty() || status.isEmpty()) {
      return new Approval.Unavailable(
          "the approval request's answer has no _id or status", LaunchDarkly.RETRY_AFTER);
    }
    return switch (status) {
      case "completed" -> applied(request, withdrawal);
      case "failed" -> new Approval.Failed(conflicts(request));
      case "scheduled" ->
          new Approval.Waiting(
              id,
              Approval.Review.SCHEDULED,
              "It is approved and will be applied at " + time(request, "executionDate") + ".");
      default -> reviewed(request, id, status);
    };
  }

  private static Approval reviewed(JsonNode request, String id, String status) {
    String review = request.path("reviewStatus").asText();
    return switch (review) {
      case "declined" -> new Approval.Declined(reviewer(request), said(request));
      case "approved" ->
          new Approval.Waiting(
              id, Approval.Review.APPROVED, "It is approved; nobody has applied it yet.");
      case "pending" ->
          new Approval.Waiting(id, Approval.Review.PENDING, "Nobody has decided it yet.");
      default ->
          new Approval.Waiting(
              id,
              Approval.Review.PENDING,
              "LaunchDarkly says that it is %s, its review %s.".formatted(status, review));
    };
  }

  /** The flag's own record says what was changed; the request says only that it was. */
  private Approval applied(JsonNode request, Withdrawal withdrawal) {
    Instant asked = time(request, "creationDate");
    Instant at = request.path("appliedDate").asLong() > 0 ? time(request, "appliedDate") : asked;
    return switch (flags.apply(withdrawal.flag())) {
      case Found.Not(Outcome.Unavailable(String why, Duration retryAfter)) ->
          new Approval.Unavailable(why, retryAfter);
      case Found.Not(Outcome outcome) ->
          new Approval.Unavailable(LaunchDarkly.why(outcome), LaunchDarkly.RETRY_AFTER);
      case Found.Flag(LaunchDarklyFlag now) -> {
        boolean inForce = Targeting.holds(now.definition(), withdrawal);
        String applier = member(request.path("appliedByMemberId"));
        yield switch (new LaunchDarklyAudit(api, access).author(withdrawal, asked, now)) {
          case Author.Unreachable(String why) ->
              new Approval.Unavailable(why, LaunchDarkly.RETRY_AFTER);
          case Author.Unnamed() ->
              new Approval.Applied(
                  at, applier, now.fence(), "", now.definition().toString(), inForce);
          case Author.Named(String by, LaunchDarklyFlag before, LaunchDarklyFlag after) ->
              new Approval.Applied(
                  at,
                  by.isEmpty() ? applier : by,
                  after.fence(),
                  before.definition().toString(),
                  after.definition().toString(),
                  inForce);
        };
      }
    };
  }

  private static String conflicts(JsonNode request) {
    StringBuilder why = new StringBuilder();
    for (JsonNode conflict : request.path("conflicts")) {
      why.append(why.isEmpty() ? "" : "; ").append(conflict.path("reason").asText());
    }
    return why.isEmpty() ? "LaunchDarkly does not say why" : why.toString();
  }

  private static String reviewer(JsonNode request) {
    JsonNode last = lastDecline(request);
    return member(last.has("memberId") ? last.path("memberId") : last.path("serviceTokenId"));
  }

  private static String said(JsonNode request) {
    return lastDecline(request).path("comment").asText();
  }

  private static JsonNode lastDecline(JsonNode request) {
    JsonNode last = FlagJson.MAPPER.missingNode();
    for (JsonNode review : request.path("allReviews")) {
      last = review.path("kind").asText().equals("decline") ? review : last;
    }
    return last;
  }

  private static String member(JsonNode id) {
    return id.asText().isEmpty() ? "" : "member " + id.asText();
  }

  private static Instant time(JsonNode request, String field) {
    return Instant.ofEpochMilli(request.path(field).asLong());
  }

  private static String description(Withdrawal withdrawal) {
    return Targeting.mark(withdrawal) + " takes %s away".formatted(withdrawal.fromVariation());
  }

  private String path(Withdrawal withdrawal) {
    return "/api/v2/projects/%s/flags/%s/environments/%s/approval-requests"
        .formatted(
            LaunchDarklyApi.escape(access.project()),
            LaunchDarklyApi.escape(withdrawal.flag()),
            LaunchDarklyApi.escape(access.environment()));
  }

  private static boolean isSuccess(Reply reply) {
    return reply instanceof Reply.Answer answer && answer.status() / 100 == 2;
  }

  private static boolean isStatus(Reply reply, int status) {
    return reply instanceof Reply.Answer answer && answer.status() == status;
  }

  /** Whatever was lost may be there: it is looked for before it is made again. */
  private static Approval trouble(Reply reply) {
    return switch (reply) {
      case Reply.NotSent(String why) -> new Approval.Unavailable(why, LaunchDarkly.RETRY_AFTER);
      case Reply.Lost(String why) -> new Approval.Unavailable(why, LaunchDarkly.RETRY_AFTER);
      case Reply.Answer answer -> {
        String why =
            "LaunchDarkly answered %d to an approval request: %s"
                .formatted(answer.status(), answer.message());
        yield switch (answer.status()) {
          case 429, 409 -> new Approval.Unavailable(why, answer.retryAfter());
          case 400, 401, 403, 404, 405 -> new Approval.Refused(why);
          default -> new Approval.Unavailable(why, LaunchDarkly.RETRY_AFTER);
        };
      }
    };
  }
}
