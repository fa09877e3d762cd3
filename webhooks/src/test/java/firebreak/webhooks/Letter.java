package firebreak.webhooks;

import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** A delivery whose headers and body a test can still change before it is sent. */
record Letter(String sender, Map<String, String> headers, String body) {
  static final String GITLAB_KEY =
      "whsec_" + Base64.getEncoder().encodeToString(Mail.bytes("thirty-two bytes of a GitLab key"));

  Letter {
    headers = Map.copyOf(headers);
  }

  Delivery delivery() {
    return new Delivery(sender, headers, Mail.bytes(body));
  }

  Letter with(String header, String value) {
    Map<String, String> all = new HashMap<>(headers);
    all.put(header, value);
    return new Letter(sender, all, body);
  }

  Letter without(String header) {
    Map<String, String> all = new HashMap<>(headers);
    all.remove(header);
    return new Letter(sender, all, body);
  }

  Letter saying(String other) {
    return new Letter(sender, headers, other);
  }

  static Letter github(String event, String body, String secret) {
    return new Letter(
        "github",
        Map.of("x-github-event", event, "x-hub-signature-256", "sha256=" + Mail.hex(body, secret)),
        body);
  }

  static Letter launchDarkly(String body, String secret) {
    return new Letter("launchdarkly", Map.of("x-ld-signature", Mail.hex(body, secret)), body);
  }

  static Letter circleCi(String body, String secret) {
    return new Letter(
        "circleci", Map.of("circleci-signature", "v1=" + Mail.hex(body, secret)), body);
  }

  static Letter buildkite(String body, String secret) {
    String timestamp = "1772366400";
    return new Letter(
        "buildkite",
        Map.of(
            "x-buildkite-signature",
            "timestamp=%s,signature=%s"
                .formatted(timestamp, Mail.hex(timestamp + "." + body, secret))),
        body);
  }

  static Letter buildkiteToken(String body, String secret) {
    return new Letter("buildkite", Map.of("x-buildkite-token", secret), body);
  }

  static Letter gitLab(String body, String secret) {
    return new Letter("gitlab", Map.of("x-gitlab-token", secret), body);
  }

  static Letter gitLabSigned(String body, String key) {
    byte[] raw = Base64.getDecoder().decode(key.substring("whsec_".length()));
    byte[] signature = Signature.sign(Mail.bytes("id-1.1772366400." + body), raw);
    return new Letter(
        "gitlab",
        Map.of(
            "webhook-id", "id-1",
            "webhook-timestamp", "1772366400",
            "webhook-signature", "v1," + Base64.getEncoder().encodeToString(signature)),
        body);
  }

  static Letter alertmanager(String body, String secret) {
    return new Letter("alertmanager", Map.of("authorization", "Bearer " + secret), body);
  }

  static Letter structured(String event, String type, String secret) {
    String body =
        """
        {"specversion": "1.0", "id": "e-1", "source": "/ci", "type": "%s", "data": %s}\
        """
            .formatted(type, event);
    return new Letter(
        "cdevents",
        Map.of(
            "authorization",
            "Bearer " + secret,
            "content-type",
            "application/cloudevents+json; charset=UTF-8"),
        body);
  }

  static Letter binary(String event, String type, String secret) {
    return new Letter(
        "cdevents",
        Map.of(
            "authorization", "Bearer " + secret,
            "content-type", "application/json",
            "ce-specversion", "1.0",
            "ce-type", type,
            "ce-id", "e-1",
            "ce-source", "/ci"),
        event);
  }
}
