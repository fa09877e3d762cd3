package firebreak.webhooks;

import firebreak.deploytracker.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prometheus Alertmanager's webhooks, version 4: each alert of a group is a marker from its start
 * to its end. An alert is nobody's change, so it is never a suspect.
 */
final class Alertmanager implements Sender {
  private static final String VERSION = "4";
  private static final int ALERTS_AT_MOST = 1_000;

  @Override
  public String name() {
    return "alertmanager";
  }

  @Override
  public List<String> signatureHeaders() {
    return List.of(Token.AUTHORIZATION);
  }

  @Override
  public boolean isSigned(Delivery delivery, List<String> secrets) {
    return Token.isAuthorized(delivery, secrets);
  }

  @Override
  public Told read(Delivery delivery, Instant now) {
    Payload group = Payload.parse(delivery.body());
    String version = group.requiredText("version");
    if (!version.equals(VERSION)) {
      throw new IllegalArgumentException("version must be 4, was \"%s\"".formatted(version));
    }
    List<Payload> alerts = group.objects("alerts");
    if (alerts.size() > ALERTS_AT_MOST) {
      throw new IllegalArgumentException(
          "alerts may have %d items, had %d: set max_alerts"
              .formatted(ALERTS_AT_MOST, alerts.size()));
    }
    List<Change> changes = new ArrayList<>();
    for (Payload alert : alerts) {
      changes.add(marker(alert, now));
    }
    return changes.isEmpty()
        ? new Told.Nothing("a group without alerts")
        : new Told.Changes(changes);
  }

  private static Change marker(Payload alert, Instant now) {
    Payload labels = alert.object("labels");
    Payload annotations = alert.object("annotations");
    String alertName = labels.requiredText("alertname");
    String told = Payload.firstNonEmpty(annotations, "summary", "description", "message");
    @Nullable Instant started = alert.time("startsAt");
    return new Change.Marker(
        Change.id(
            "marker",
            "alertmanager",
            alert.requiredText("fingerprint"),
            alert.requiredText("startsAt")),
        Payload.first(started, null, now),
        alert.requiredText("status").equals("resolved") ? alert.time("endsAt") : null,
        Payload.firstNonEmpty(labels, "service", "service_name", "app", "job"),
        Payload.firstNonEmpty(labels, "environment", "env", "deployment_environment_name"),
        "alert",
        "",
        "",
        Payload.firstLine(told.isEmpty() ? alertName : alertName + ": " + told),
        "",
        alert.webAddress("generatorURL"));
  }
}
