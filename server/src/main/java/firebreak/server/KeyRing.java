package firebreak.server;

import firebreak.guard.AuditLog;
import firebreak.records.Kept;
import firebreak.records.SavedKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The keys that were made over the API, beside those of the configuration. Of each only a hash is
 * kept, so its secret is shown once. A key is on record before it opens anything.
 */
final class KeyRing {
  private static final int AT_MOST = 100;
  private static final int SECRET_BYTES = 32;

  private final Kept<SavedKey> kept;
  private final AuditLog audit;
  private final SecureRandom chance;
  private volatile List<SavedKey> keys;
  private volatile List<Access.Principal> principals;

  /** A key and its secret, which nobody is told again. */
  record Made(SavedKey key, String secret) {}

  KeyRing(Kept<SavedKey> kept, AuditLog audit, SecureRandom chance) {
    this.kept = kept;
    this.audit = audit;
    this.chance = chance;
    keys = kept.all();
    principals = principals(keys);
  }

  List<SavedKey> keys() {
    return keys;
  }

  List<Access.Principal> principals() {
    return principals;
  }

  synchronized Made make(
      String name, List<Scope> scopes, boolean trusted, String actor, Instant now) {
    if (keys.size() >= AT_MOST) {
      throw new Refusal(
          409, "there are %d keys, and no more are made; revoke some".formatted(AT_MOST));
    }
    byte[] bytes = new byte[SECRET_BYTES];
    chance.nextBytes(bytes);
    String secret = "fb_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    Set<Scope> set = new HashSet<>(scopes);
    SavedKey key =
        new SavedKey(
            UUID.randomUUID().toString(),
            name,
            set.stream().map(Scope::text).sorted().toList(),
            trusted,
            Access.Principal.of(name, secret, set, trusted).secretHash(),
            actor,
            now);
    tell(key, "key_made", actor, now);
    kept.save(key);
    know();
    return new Made(key, secret);
  }

  /** From now on the key opens nothing. */
  synchronized void revoke(String id, String actor, Instant now) {
    SavedKey key =
        keys.stream()
            .filter(one -> one.id().equals(id))
            .findFirst()
            .orElseThrow(() -> new Refusal(404, "no key was made under the id " + id));
    kept.delete(key.id());
    know();
    tell(key, "key_revoked", actor, now);
  }

  private void tell(SavedKey key, String kind, String actor, Instant now) {
    String body =
        JsonTree.object()
            .put("name", key.name())
            .put("scopes", String.join(" ", key.scopes()))
            .put("trusted", key.trusted())
            .toString();
    audit.append(now, actor, kind, "", "", body);
  }

  private void know() {
    keys = kept.all();
    principals = principals(keys);
  }

  private static List<Access.Principal> principals(List<SavedKey> keys) {
    return keys.stream()
        .map(
            key ->
                new Access.Principal(
                    key.name(),
                    key.scopes().stream().map(Scope::parse).collect(Collectors.toSet()),
                    key.trusted(),
                    key.secretHash()))
        .toList();
  }
}
