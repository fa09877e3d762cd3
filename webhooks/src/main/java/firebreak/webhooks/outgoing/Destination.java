package firebreak.webhooks.outgoing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Someone to tell, and in which shape. Addresses, keys and secrets are in no text of these. */
public sealed interface Destination {

  /** The address that messages are posted to. */
  URI address();

  /** The body of a message, JSON. */
  ObjectNode body(Message message);

  /**
   * The headers that go with the body, besides those of every message.
   *
   * @param now signed where the receiver checks how old a message is
   */
  Map<String, String> headers(Message message, byte[] body, Instant now);

  /** A Slack webhook. */
  record Slack(URI address) implements Destination {
    private static final int TEXT = 3_000;

    @Override
    public ObjectNode body(Message message) {
      StringBuilder text = new StringBuilder("*").append(escaped(message.title())).append('*');
      message.lines().forEach(line -> text.append('\n').append(escaped(line)));
      if (text.length() > TEXT) {
        text.setLength(TEXT);
        text.append('…');
      }
      if (!message.link().isEmpty()) {
        text.append("\n<").append(message.link()).append("|Look and act>");
      }
      return JsonNodeFactory.instance.objectNode().put("text", text.toString());
    }

    private static String escaped(String text) {
      return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    @Override
    public Map<String, String> headers(Message message, byte[] body, Instant now) {
      return Map.of();
    }

    @Override
    public String toString() {
      return "Slack";
    }
  }

  /** A service of PagerDuty, by its Events API v2. */
  record PagerDuty(URI address, String routingKey) implements Destination {
    public static final URI USUAL = URI.create("https://events.pagerduty.com/v2/enqueue");
    private static final int SUMMARY = 1_024;

    @Override
    public ObjectNode body(Message message) {
      ObjectNode event = JsonNodeFactory.instance.objectNode();
      event.put("routing_key", routingKey);
      event.put("event_action", message.isOver() ? "resolve" : "trigger");
      event.put("dedup_key", message.subject());
      ObjectNode payload = event.putObject("payload");
      payload.put("summary", cut(message.title(), SUMMARY));
      payload.put("source", message.labels().getOrDefault("service", "firebreak"));
      payload.put("severity", message.severity().name().toLowerCase(Locale.ROOT));
      payload.put("timestamp", message.startsAt().toString());
      ObjectNode details = payload.putObject("custom_details");
      new TreeMap<>(message.labels()).forEach(details::put);
      details.put("text", String.join("\n", message.lines()));
      if (!message.link().isEmpty()) {
        event.putArray("links").addObject().put("href", message.link()).put("text", "Look and act");
        event.put("client", "Firebreak").put("client_url", message.link());
      }
      return event;
    }

    private static String cut(String text, int most) {
      return text.length() <= most ? text : text.substring(0, most);
    }

    @Override
    public Map<String, String> headers(Message message, byte[] body, Instant now) {
      return Map.of();
    }

    @Override
    public String toString() {
      return "PagerDuty";
    }
  }

  /** Anything that takes the webhooks of Prometheus' Alertmanager, version 4. */
  record Alertmanager(URI address) implements Destination {
    private static final String NEVER = "0001-01-01T00:00:00Z";

    @Override
    public ObjectNode body(Message message) {
      ObjectNode labels = JsonNodeFactory.instance.objectNode();
      labels.put("alertname", "ErrorBudgetBurn");
      labels.put("severity", message.severity().name().toLowerCase(Locale.ROOT));
      labels.put("incident", message.subject());
      new TreeMap<>(message.labels()).forEach(labels::put);
      ObjectNode annotations = JsonNodeFactory.instance.objectNode();
      annotations.put("summary", message.title());
      annotations.put("description", String.join("\n", message.lines()));
      String status = message.isOver() ? "resolved" : "firing";
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      body.put("version", "4");
      body.put("groupKey", "{}:{incident=\"%s\"}".formatted(message.subject()));
      body.put("truncatedAlerts", 0);
      body.put("status", status);
      body.put("receiver", "firebreak");
      body.putObject("groupLabels").put("incident", message.subject());
      body.set("commonLabels", labels.deepCopy());
      body.set("commonAnnotations", annotations.deepCopy());
      body.put("externalURL", message.link());
      ArrayNode alerts = body.putArray("alerts");
      ObjectNode alert = alerts.addObject();
      alert.put("status", status);
      alert.set("labels", labels);
      alert.set("annotations", annotations);
      alert.put("startsAt", message.startsAt().toString());
      alert.put("endsAt", message.endsAt() == null ? NEVER : message.endsAt().toString());
      alert.put("generatorURL", message.link());
      alert.put("fingerprint", Standard.fingerprint(message.subject()));
      return body;
    }

    @Override
    public Map<String, String> headers(Message message, byte[] body, Instant now) {
      return Map.of();
    }

    @Override
    public String toString() {
      return "Alertmanager";
    }
  }

  /**
   * A receiver of our own shape, signed as Standard Webhooks say.
   *
   * @param secret empty for no signature
   * @param extra headers that the receiver asks for
   */
  record Webhook(URI address, String secret, Map<String, String> extra) implements Destination {
    public Webhook {
      extra = Map.copyOf(extra);
    }

    @Override
    public ObjectNode body(Message message) {
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      body.put("id", message.key());
      body.put("incident", message.subject());
      body.put("state", message.isOver() ? "over" : "burning");
      body.put("severity", message.severity().name().toLowerCase(Locale.ROOT));
      body.put("title", message.title());
      ArrayNode lines = body.putArray("lines");
      message.lines().forEach(lines::add);
      body.put("link", message.link());
      body.put("starts_at", message.startsAt().toString());
      body.put("ends_at", message.endsAt() == null ? null : message.endsAt().toString());
      ObjectNode labels = body.putObject("labels");
      new TreeMap<>(message.labels()).forEach(labels::put);
      return body;
    }

    @Override
    public Map<String, String> headers(Message message, byte[] body, Instant now) {
      Map<String, String> headers = new TreeMap<>(extra);
      String seconds = Long.toString(now.getEpochSecond());
      headers.put("webhook-id", message.key());
      headers.put("webhook-timestamp", seconds);
      if (!secret.isEmpty()) {
        byte[] start = (message.key() + "." + seconds + ".").getBytes(StandardCharsets.UTF_8);
        byte[] signed = new byte[start.length + body.length];
        System.arraycopy(start, 0, signed, 0, start.length);
        System.arraycopy(body, 0, signed, start.length, body.length);
        headers.put(
            "webhook-signature",
            "v1," + Base64.getEncoder().encodeToString(Standard.sign(signed, secret)));
      }
      return headers;
    }

    @Override
    public String toString() {
      return "webhook";
    }
  }
}
