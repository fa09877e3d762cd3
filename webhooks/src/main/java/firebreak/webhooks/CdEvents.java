package firebreak.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * CDEvents over CloudEvents' HTTP binding, structured or binary, with a secret as bearer. What an
 * event says is read from its context, which is in the body in both modes.
 */
final class CdEvents implements Sender {
  private static final String STRUCTURED = "application/cloudevents+json";
  private static final String BATCH = "application/cloudevents-batch";

  @Override
  public String name() {
    return "cdevents";
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
    String contentType = delivery.header("content-type").toLowerCase(Locale.ROOT);
    if (contentType.startsWith(BATCH)) {
      throw new IllegalArgumentException("a batch of events is not taken: send them one by one");
    }
    boolean isStructured = contentType.startsWith(STRUCTURED);
    Payload body = Payload.parse(delivery.body());
    if (!isStructured && delivery.header("ce-specversion").isEmpty() && !body.has("context")) {
      throw new IllegalArgumentException(
          "this is no CDEvent: neither the Content-Type %s nor the header ce-specversion is there"
              .formatted(STRUCTURED));
    }
    String envelope = isStructured ? body.requiredText("type") : delivery.header("ce-type");
    Payload event = isStructured ? content(body) : body;
    String type = event.object("context").requiredText("type");
    if (!envelope.isEmpty() && !envelope.equals(type)) {
      throw new IllegalArgumentException(
          "the envelope says it is a %s, its context a %s".formatted(envelope, type));
    }
    return CdEventTypes.read(event, now);
  }

  private static Payload content(Payload envelope) {
    @Nullable JsonNode encoded = envelope.any("data_base64");
    if (encoded == null) {
      return envelope.object("data");
    }
    try {
      return Payload.parse(Base64.getDecoder().decode(encoded.asText()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("data_base64 holds no CDEvent: " + e.getMessage(), e);
    }
  }
}
