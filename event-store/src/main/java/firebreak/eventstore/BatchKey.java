package firebreak.eventstore;

import java.time.Instant;

/**
 * What a sender names a batch by, so that sending it again has no effect: a batch whose key the
 * dataset has seen within the last day is acknowledged and not kept a second time.
 *
 * @param arrived when this sending of the batch arrived
 */
public record BatchKey(String text, Instant arrived) {
  public BatchKey {
    if (text.isEmpty() || !Normaliser.fits(text, Limits.BATCH_KEY_BYTES)) {
      throw new IllegalArgumentException(
          "a batch's key is 1 to %d bytes, was \"%s\"".formatted(Limits.BATCH_KEY_BYTES, text));
    }
  }
}
