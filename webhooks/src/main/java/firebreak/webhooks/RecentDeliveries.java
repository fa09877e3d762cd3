package firebreak.webhooks;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The bodies recorded lately, by hash: what is signed is the body, so a replay is known by it
 * whatever delivery id it carries. What is forgotten here, the change log still knows.
 */
final class RecentDeliveries {
  static final int AT_MOST = 10_000;

  private final Map<String, Boolean> hashes =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > AT_MOST;
        }
      };

  static String hash(Delivery delivery) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(delivery.body());
      return delivery.sender() + " " + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  synchronized boolean contains(String hash) {
    return hashes.containsKey(hash);
  }

  synchronized void add(String hash) {
    hashes.put(hash, true);
  }
}
