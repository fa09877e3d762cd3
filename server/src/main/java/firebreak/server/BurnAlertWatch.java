package firebreak.server;

import firebreak.records.Notice;
import firebreak.records.Records;
import firebreak.records.SavedBurnAlert;
import firebreak.slo.Objective;
import firebreak.slo.SloMonitor;
import firebreak.webhooks.outgoing.Message;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tells the recipients of burn alerts when one goes on and when it goes off again. */
final class BurnAlertWatch {
  private final Records records;
  private final SloMonitor monitor;
  private final String link;

  /**
   * A watch.
   *
   * @param link goes before the id of an objective
   */
  BurnAlertWatch(Records records, SloMonitor monitor, String link) {
    this.records = records;
    this.monitor = monitor;
    this.link = link;
  }

  /** One round: what has changed is written down together with whom to tell. */
  void look(Instant now) {
    Map<String, Objective> objectives = new LinkedHashMap<>();
    monitor.objectives().forEach(objective -> objectives.put(objective.id(), objective));
    for (SavedBurnAlert alert : records.burnAlerts().all()) {
      Objective objective = objectives.get(alert.slo());
      if (objective == null) {
        continue;
      }
      boolean isOn = monitor.isTriggered(objective, alert.id(), now);
      if (isOn != (alert.triggeredAt() != null)) {
        change(alert, objective, isOn ? now : null, now);
      }
    }
  }

  private void change(
      SavedBurnAlert alert, Objective objective, @Nullable Instant since, Instant now) {
    Message message = message(alert, objective, since, now);
    List<Notice> notices =
        alert.recipients().stream()
            .map(told -> MessageJson.notice(message, Destinations.nameOf(told.recipient())))
            .toList();
    records
        .outbox()
        .together(() -> records.burnAlerts().save(alert.triggered(since)), notices, now);
  }

  private Message message(
      SavedBurnAlert alert, Objective objective, @Nullable Instant since, Instant now) {
    boolean isOn = since != null;
    Instant began =
        Objects.requireNonNullElse(since, Objects.requireNonNullElse(alert.triggeredAt(), now));
    double remaining = monitor.budgetRemaining(objective, now).orElse(Double.NaN);
    String what =
        alert.type().equals("budget_rate")
            ? IncidentText.say(
                "its budget falls by %.2f %% in %d minutes or faster",
                alert.decreasePerMillion() / 1e4, alert.minutes())
            : IncidentText.say(
                "its budget is gone within %d minutes at this rate", alert.minutes());
    return new Message(
        "%s/%s/%d".formatted(alert.id(), isOn ? "on" : "off", now.toEpochMilli()),
        alert.id(),
        isOn ? Message.Severity.CRITICAL : Message.Severity.INFO,
        isOn ? objective.name() + ": " + what : objective.name() + ": no longer so: " + what,
        List.of(
            IncidentText.say("%.2f %% of the budget is left.", 100 * remaining),
            alert.description()),
        link + objective.id(),
        Map.of("slo", objective.id(), "service", objective.service(), "alert_type", alert.type()),
        began,
        isOn ? null : now);
  }
}
