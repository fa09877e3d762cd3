package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.records.Recipient;
import firebreak.records.Records;
import firebreak.webhooks.outgoing.Destination;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whom to tell: the destinations of the configuration, which hear of every incident, and recipients
 * that were made over the API, which hear of their burn alerts. A name outlives restarts, and
 * changes with the address.
 */
final class Destinations {
  private static final String RECIPIENT = "recipient:";

  private final Map<String, Destination> configured = new LinkedHashMap<>();
  private final Records records;

  Destinations(List<Config.Notification> notifications, Records records) {
    this.records = records;
    for (Config.Notification each : notifications) {
      Destination destination = destination(each);
      configured.put(name(destination), destination);
    }
  }

  private static Destination destination(Config.Notification notification) {
    return switch (notification) {
      case Config.Notification.Slack(Secret url) -> new Destination.Slack(URI.create(url.value()));
      case Config.Notification.PagerDuty(Secret key, URI address) ->
          new Destination.PagerDuty(address, key.value());
      case Config.Notification.Alertmanager(Secret url) ->
          new Destination.Alertmanager(URI.create(url.value()));
      case Config.Notification.Webhook(Secret url, @Nullable Secret secret) ->
          new Destination.Webhook(
              URI.create(url.value()), secret == null ? "" : secret.value(), Map.of());
    };
  }

  private static String name(Destination destination) {
    String secret = destination instanceof Destination.PagerDuty(_, String key) ? key : "";
    return destination.toString().toLowerCase(Locale.ROOT)
        + "-"
        + hash(destination.address() + " " + secret);
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The names of those of the configuration. */
  List<String> names() {
    return List.copyOf(configured.keySet());
  }

  /** The name of a recipient's. */
  static String nameOf(String recipient) {
    return RECIPIENT + recipient;
  }

  /** The destination of that name; empty where there is none, or nothing can be sent to it. */
  Optional<Destination> find(String name) {
    return name.startsWith(RECIPIENT)
        ? records.recipients().find(name.substring(RECIPIENT.length())).flatMap(this::of)
        : Optional.ofNullable(configured.get(name));
  }

  private Optional<Destination> of(Recipient recipient) {
    JsonNode details = JsonTree.parsed(recipient.details());
    return switch (recipient.type()) {
      case "webhook" -> Optional.of(webhook(details));
      case "pagerduty" ->
          Optional.of(
              new Destination.PagerDuty(
                  Destination.PagerDuty.USUAL, details.path("pagerduty_integration_key").asText()));
      case "slack" ->
          configured.values().stream().filter(Destination.Slack.class::isInstance).findFirst();
      default -> Optional.empty();
    };
  }

  private static Destination webhook(JsonNode details) {
    Map<String, String> headers = new LinkedHashMap<>();
    details
        .path("webhook_headers")
        .forEach(each -> headers.put(each.path("header").asText(), each.path("value").asText("")));
    return new Destination.Webhook(
        URI.create(details.path("webhook_url").asText()),
        details.path("webhook_secret").asText(""),
        headers);
  }
}
