package firebreak.webhooks;

import firebreak.deploytracker.BuildSpan;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Deliveries as the senders make them. */
final class Mail {
  static final String SECRET = "It's a Secret to Everybody";

  /** For what is not about the parts of builds. */
  static final Consumer<List<BuildSpan>> NO_TRACES = _ -> {};

  private Mail() {}

  static Delivery github(String event, String body) {
    return github(event, body, Map.of("x-hub-signature-256", "sha256=" + hex(body, SECRET)));
  }

  static Delivery github(String event, String body, Map<String, String> headers) {
    Map<String, String> all = new HashMap<>(headers);
    all.put("X-GitHub-Event", event);
    all.put("Content-Type", "application/json");
    return new Delivery("github", all, bytes(body));
  }

  static Delivery launchDarkly(String body) {
    return new Delivery("launchdarkly", Map.of("X-LD-Signature", hex(body, SECRET)), bytes(body));
  }

  static String hex(String body, String secret) {
    return HexFormat.of().formatHex(Signature.sign(bytes(body), secret));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
