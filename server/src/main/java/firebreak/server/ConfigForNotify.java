package firebreak.server;

import firebreak.webhooks.outgoing.Destination;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The keys {@code notify} and {@code outgoing} of the configuration. */
final class ConfigForNotify {
  private static final List<String> KINDS =
      List.of("slack", "pagerduty", "alertmanager", "webhook");

  private ConfigForNotify() {}

  static Config.Notification notification(Section notification) {
    List<String> named = KINDS.stream().filter(notification::has).toList();
    if (named.size() != 1) {
      throw notification.error(
          named.isEmpty() ? "slack" : named.get(1), "is one of " + String.join(", ", KINDS));
    }
    return notification.section(
        named.getFirst(),
        section ->
            switch (named.getFirst()) {
              case "slack" -> new Config.Notification.Slack(address(section));
              case "alertmanager" -> new Config.Notification.Alertmanager(address(section));
              case "webhook" ->
                  new Config.Notification.Webhook(address(section), section.secret("secret"));
              default -> pagerDuty(section);
            });
  }

  private static Config.Notification pagerDuty(Section section) {
    @Nullable URI url = ConfigReader.uri(section, "url");
    return new Config.Notification.PagerDuty(
        section.requiredSecret("routing_key"), url == null ? Destination.PagerDuty.USUAL : url);
  }

  /** An address, which is often a secret in itself, so that no message shows it. */
  private static Secret address(Section section) {
    Secret url = section.requiredSecret("url");
    try {
      URI uri = new URI(url.value());
      if (Set.of("http", "https").contains(String.valueOf(uri.getScheme()))
          && uri.getHost() != null
          && uri.getUserInfo() == null) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Said below, as for an address of another kind.
    }
    throw section.error("url", "holds no web address such as https://example.org/hook");
  }

  static Config.Outgoing outgoing(Section outgoing) {
    return new Config.Outgoing(
        outgoing.values("allow", ConfigForNotify::host, List.of()),
        ConfigReader.uri(outgoing, "public_url"));
  }

  private static String host(String text) {
    if (!text.matches("[A-Za-z0-9.-]+(:\\d{1,5})?|[0-9A-Fa-f:]+")) {
      throw new IllegalArgumentException("a host, or HOST:PORT, was '" + text + "'");
    }
    return text;
  }
}
