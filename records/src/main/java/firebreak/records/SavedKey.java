package firebreak.records;

import java.time.Instant;
import java.util.List;

/**
 * A key as made over the API.
 *
 * @param scopes as the configuration writes them
 * @param secretHash SHA-256, hex; the secret itself is kept nowhere
 */
public record SavedKey(
    String id,
    String name,
    List<String> scopes,
    boolean trusted,
    String secretHash,
    String createdBy,
    Instant createdAt) {
  public SavedKey {
    scopes = List.copyOf(scopes);
  }
}
