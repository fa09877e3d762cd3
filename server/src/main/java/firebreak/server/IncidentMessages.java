package firebreak.server;

import firebreak.deploytracker.Verdict;
import firebreak.guard.Incident;
import firebreak.guard.Mitigation;
import firebreak.slo.BurnAlert;
import firebreak.webhooks.outgoing.Message;
import firebreak.webhooks.outgoing.Message.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a change of an incident is worth telling: a pure function of the incident before and after.
 */
final class IncidentMessages {
  private final String link;

  /**
   * Makes messages.
   *
   * @param link goes before an incident's id
   */
  IncidentMessages(String link) {
    this.link = link;
  }

  List<Message> of(@Nullable Incident before, Incident after) {
    List<Message> messages = new ArrayList<>();
    if (before == null) {
      messages.add(opened(after));
    } else if (before.state() == Incident.State.CLOSED && after.state() != Incident.State.CLOSED) {
      String step = "reopened/" + before.closedAt();
      messages.add(message(after, step, urgency(after), "burns again", null));
    }
    if (isNewVerdict(before, after)) {
      Verdict verdict = after.finding().verdict();
      String step =
          "verdict/%s/%s".formatted(IncidentView.word(verdict.kind()), verdict.changeId());
      messages.add(message(after, step, urgency(after), "burns, and the cause is known", null));
    }
    Mitigation mitigation = after.mitigation();
    if (mitigation != null && !Objects.equals(mitigationState(before), key(mitigation))) {
      Message told = told(after, mitigation);
      if (told != null) {
        messages.add(told);
      }
    }
    if (before != null
        && before.state() != Incident.State.CLOSED
        && after.state() == Incident.State.CLOSED) {
      Instant end = Objects.requireNonNullElse(after.closedAt(), after.openedAt());
      messages.add(message(after, "closed/" + end, Severity.INFO, "no longer burns", end));
    }
    return messages;
  }

  /** A burn that was over when it was found wakes nobody. */
  private Message opened(Incident incident) {
    Instant ended = incident.alert().endedAt();
    return message(
        incident,
        "opened",
        ended == null ? urgency(incident) : Severity.INFO,
        ended == null ? "burns" : "burned for a while",
        ended);
  }

  private static Severity urgency(Incident incident) {
    return incident.alert().urgent() ? Severity.CRITICAL : Severity.WARNING;
  }

  private static boolean isNewVerdict(@Nullable Incident before, Incident after) {
    Verdict now = after.finding().verdict();
    if (now.kind() == Verdict.Kind.UNSURE) {
      return false;
    }
    Verdict then = before == null ? Verdict.UNSURE : before.finding().verdict();
    return then.kind() != now.kind() || !then.changeId().equals(now.changeId());
  }

  private static String key(Mitigation mitigation) {
    return mitigation.id() + "/" + IncidentView.word(mitigation.state());
  }

  private static @Nullable String mitigationState(@Nullable Incident incident) {
    Mitigation mitigation = incident == null ? null : incident.mitigation();
    return mitigation == null ? null : key(mitigation);
  }

  private @Nullable Message told(Incident incident, Mitigation mitigation) {
    return switch (mitigation.state()) {
      case RECOMMENDED ->
          about(incident, mitigation, urgency(incident), "burns: a step waits for a person");
      case AWAITING_APPROVAL ->
          about(incident, mitigation, urgency(incident), "burns: a step waits for approval");
      case DECLINED -> about(incident, mitigation, Severity.WARNING, "burns: a step was declined");
      case APPLIED -> about(incident, mitigation, Severity.WARNING, "burns: a step was taken");
      case EFFECTIVE -> about(incident, mitigation, Severity.INFO, "burns less: the step helped");
      case INEFFECTIVE ->
          about(incident, mitigation, Severity.CRITICAL, "burns on: the step did not help");
      case SUPERSEDED ->
          about(incident, mitigation, Severity.WARNING, "burns: somebody else changed the flag");
      case ESCALATED -> about(incident, mitigation, Severity.CRITICAL, "burns: a person is needed");
      case RETURNING ->
          about(incident, mitigation, Severity.INFO, "is given back what was taken, in steps");
      case UNDONE ->
          about(incident, mitigation, Severity.WARNING, "burns: the step was taken back");
      case INTENDED, SENT, UNKNOWN, VERIFYING, CANCELLED -> null;
    };
  }

  private Message about(Incident incident, Mitigation mitigation, Severity severity, String what) {
    return message(incident, key(mitigation), key(mitigation), severity, what, null);
  }

  private Message message(
      Incident incident, String step, Severity severity, String what, @Nullable Instant end) {
    return message(incident, incident.id() + "/" + step, step, severity, what, end);
  }

  private Message message(
      Incident incident,
      String key,
      String step,
      Severity severity,
      String what,
      @Nullable Instant end) {
    BurnAlert alert = incident.alert();
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("slo", alert.objective().id());
    labels.put("service", alert.objective().service());
    labels.put("step", step);
    labels.put("state", IncidentView.word(incident.state()));
    labels.put("detected_by", IncidentView.word(alert.detector()));
    labels.put("verdict", IncidentView.word(incident.finding().verdict().kind()));
    return new Message(
        key,
        incident.id(),
        severity,
        "%s %s".formatted(alert.objective().name(), what),
        IncidentText.lines(incident),
        link + incident.id(),
        labels,
        alert.beganAt(),
        end);
  }
}
