package firebreak.guard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import firebreak.deploytracker.Verdict;
import firebreak.flags.Withdrawal;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Writes what happened into the audit log: each record's body is JSON with a sentence under {@code
 * text} and the figures beside it, so that the records of an incident, read in order, tell its
 * story.
 */
final class Journal {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PAGE = 1_000;

  /** What a record tells of; in the log in lower case. */
  enum Kind {
    OPENED,
    REOPENED,
    VERDICT,
    RECOMMENDED,
    REFUSED,
    INTENDED,
    SENT,
    POSTPONED,
    AWAITING_APPROVAL,
    DECLINED,
    APPLIED,
    SUPERSEDED,
    UNKNOWN,
    VERIFYING,
    EFFECTIVE,
    INEFFECTIVE,
    CANCELLED,
    ESCALATED,
    CLOSED,
    APPROVED,
    DISMISSED,
    UNDO,
    STEP,
    STEPPED,
    LEASED,
    UNDONE,
    STOPPED,
    RESUMED,
    MODE,
    CLOCK_SET;

    /** Whether a second record of it about the same mitigation would be the first one repeated. */
    private boolean isOnce() {
      return switch (this) {
        case INTENDED, APPLIED, SUPERSEDED, VERIFYING, EFFECTIVE, INEFFECTIVE, UNDONE -> true;
        case OPENED,
            REOPENED,
            VERDICT,
            RECOMMENDED,
            REFUSED,
            SENT,
            POSTPONED,
            AWAITING_APPROVAL,
            DECLINED,
            UNKNOWN,
            CANCELLED,
            ESCALATED,
            CLOSED,
            APPROVED,
            DISMISSED,
            UNDO,
            STEP,
            STEPPED,
            LEASED,
            STOPPED,
            RESUMED,
            MODE,
            CLOCK_SET ->
            false;
      };
    }
  }

  private final AuditLog log;
  private final Set<String> told = new HashSet<>();
  private Instant clockSetAt = Instant.MIN;

  Journal(AuditLog log) {
    this.log = log;
    List<AuditLog.AuditRecord> page = log.since(0, PAGE);
    while (!page.isEmpty()) {
      for (AuditLog.AuditRecord one : page) {
        if (!one.mitigation().isEmpty()) {
          told.add(key(one.incident(), one.mitigation(), one.kind()));
        }
        if (one.kind().equals(word(Kind.CLOCK_SET))) {
          clockSetAt = one.time();
        }
      }
      page = log.since(page.getLast().sequence(), PAGE);
    }
  }

  /** When the clock was last set, by what it said afterwards, as far as the record goes back. */
  Instant clockSetAt() {
    return clockSetAt;
  }

  /** Something about the guard itself. */
  void tell(Kind kind, String actor, String text, Instant now) {
    log.append(now, actor, word(kind), "", "", json(Map.of("text", text)));
  }

  /** Something about an incident. */
  void tell(Kind kind, Incident incident, String text, Map<String, Object> figures, Instant now) {
    log.append(now, Mitigation.GUARD, word(kind), incident.id(), "", body(text, figures));
  }

  /** Something about a mitigation; what was told before a crash is not told again after it. */
  void tell(
      Kind kind, Incident incident, Mitigation mitigation, String actor, String text, Instant now) {
    String key = key(incident.id(), mitigation.id(), word(kind));
    if (kind.isOnce() && told.contains(key)) {
      return;
    }
    Map<String, Object> figures = figures(mitigation);
    log.append(now, actor, word(kind), incident.id(), mitigation.id(), body(text, figures));
    told.add(key);
  }

  private static String key(String incident, String mitigation, String kind) {
    return incident + "/" + mitigation + "/" + kind;
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** The withdrawal as a person reads it. */
  static String describe(Withdrawal withdrawal) {
    return "serve %s to %s of %s"
        .formatted(
            withdrawal.toVariation(), Intent.describe(withdrawal.audience()), withdrawal.flag());
  }

  static String describe(Verdict verdict) {
    String who =
        String.join(" and ", verdict.terms().stream().map(term -> term.display()).toList());
    String what =
        switch (verdict.kind()) {
          case FLAG -> "A flag change did it";
          case DEPLOY ->
              verdict.buildId().isEmpty()
                  ? "A deploy did it"
                  : "Build " + verdict.buildId() + " did it";
          case CUSTOMER -> "No change of ours did it, but few explain it";
          case NONE -> "No change of ours explains it";
          case UNSURE -> "There is not enough evidence to tell what did it";
        };
    Verdict.Lever lever = verdict.lever();
    return what
        + (who.isEmpty() ? "" : "; it hits " + who)
        + (lever == null ? "" : "; it stands behind the flag " + lever.flag())
        + ".";
  }

  static Map<String, Object> figures(Verdict verdict) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("kind", word(verdict.kind()));
    figures.put("change_id", verdict.changeId());
    figures.put("build_id", verdict.buildId());
    figures.put("posterior", verdict.posterior());
    return figures;
  }

  private static Map<String, Object> figures(Mitigation mitigation) {
    Withdrawal withdrawal = mitigation.withdrawal();
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("flag", withdrawal.flag());
    figures.put("audience", Intent.describe(withdrawal.audience()));
    figures.put("from_variation", withdrawal.fromVariation());
    figures.put("to_variation", withdrawal.toVariation());
    figures.put("fence", withdrawal.fence());
    if (!mitigation.refusals().isEmpty()) {
      figures.put("refusals", mitigation.refusals());
    }
    put(figures, "predicted_burn_rate", mitigation.predicted().burnRateAfter());
    put(figures, "observed_burn_rate", mitigation.observedBurnRate());
    ApprovalRequest approval = mitigation.approval();
    if (approval != null) {
      figures.put("approval_request", approval.id());
      figures.put("approval_standing", word(approval.standing()));
      figures.put("approval_by", approval.by());
    }
    if (!mitigation.fenceAfter().isEmpty()) {
      figures.put("fence_after", mitigation.fenceAfter());
      figures.put("before", mitigation.before());
      figures.put("after", mitigation.after());
    }
    return figures;
  }

  private static void put(Map<String, Object> figures, String name, double value) {
    if (Double.isFinite(value)) {
      figures.put(name, value);
    }
  }

  private static String body(String text, Map<String, Object> figures) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("text", text);
    body.putAll(figures);
    return json(body);
  }

  private static String json(Map<String, Object> body) {
    try {
      return JSON.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("text, numbers and lists are JSON", e);
    }
  }
}
