package firebreak.webhooks;

import java.time.Instant;
import java.util.Base64;
import java.util.List;

/**
 * GitLab's webhooks: pipelines, jobs, deployments, pushes, merges and releases.
 *
 * <p>A secret that begins with {@code whsec_} is a signing token, which signs as Standard Webhooks
 * says; any other is a secret token, sent as it is.
 */
final class GitLab implements Sender {
  private static final String SIGNATURE = "webhook-signature";
  private static final String TOKEN = "x-gitlab-token";
  private static final String KEY_PREFIX = "whsec_";
  private static final String VERSION = "v1,";

  @Override
  public String name() {
    return "gitlab";
  }

  @Override
  public List<String> signatureHeaders() {
    return List.of(SIGNATURE, TOKEN);
  }

  /** Where there is both a signature and a key for it, the signature decides. */
  @Override
  public boolean isSigned(Delivery delivery, List<String> secrets) {
    List<String> keys = secrets.stream().filter(secret -> secret.startsWith(KEY_PREFIX)).toList();
    if (!keys.isEmpty() && !delivery.header(SIGNATURE).isEmpty()) {
      return isSignedByOneOf(keys, delivery);
    }
    List<String> tokens = secrets.stream().filter(secret -> !keys.contains(secret)).toList();
    return Token.isOneOf(delivery.header(TOKEN), tokens);
  }

  private static boolean isSignedByOneOf(List<String> keys, Delivery delivery) {
    byte[] signed =
        Signature.prefixed(
            delivery.header("webhook-id") + "." + delivery.header("webhook-timestamp") + ".",
            delivery.body());
    List<String> expected =
        keys.stream()
            .flatMap(key -> key(key).stream())
            .map(key -> Base64.getEncoder().encodeToString(Signature.sign(signed, key)))
            .toList();
    boolean genuine = false;
    for (String part : delivery.header(SIGNATURE).split(" ", -1)) {
      genuine |=
          part.startsWith(VERSION) && Token.isOneOf(part.substring(VERSION.length()), expected);
    }
    return genuine;
  }

  private static List<byte[]> key(String secret) {
    try {
      return List.of(Base64.getDecoder().decode(secret.substring(KEY_PREFIX.length())));
    } catch (IllegalArgumentException _) {
      return List.of();
    }
  }

  @Override
  public Told read(Delivery delivery, Instant now) {
    Payload payload = Payload.parse(delivery.body());
    String kind = payload.requiredText("object_kind");
    return switch (kind) {
      case "pipeline" -> GitLabPipelines.pipeline(payload, now);
      case "build" -> GitLabPipelines.job(payload, now);
      case "deployment" -> GitLabDeployments.deployment(payload, now);
      case "push" -> GitLabMarkers.push(payload, now);
      case "merge_request" -> GitLabMarkers.mergeRequest(payload, now);
      case "release" -> GitLabMarkers.release(payload, now);
      default -> new Told.Nothing("the event " + kind + " tells of no change");
    };
  }
}
