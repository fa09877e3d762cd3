package firebreak.webhooks;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * A secret sent as it is, where a sender knows no signature. It says who sends, not that the body
 * came unchanged, so such a sender belongs behind TLS.
 */
final class Token {
  static final String AUTHORIZATION = "authorization";

  private Token() {}

  /** Whether it is one of the secrets; the time taken tells nothing about which, or how near. */
  static boolean isOneOf(String given, List<String> secrets) {
    byte[] claimed = hash(given);
    boolean genuine = false;
    for (String secret : secrets) {
      genuine |= MessageDigest.isEqual(claimed, hash(secret));
    }
    return genuine && !given.isEmpty();
  }

  /**
   * Whether the Authorization header has one of the secrets: as Bearer, or as Basic, where it is
   * the password or user and password with a colon between.
   */
  static boolean isAuthorized(Delivery delivery, List<String> secrets) {
    String header = delivery.header(AUTHORIZATION);
    int space = header.indexOf(' ');
    if (space < 0) {
      return false;
    }
    String credentials = header.substring(space + 1);
    return switch (header.substring(0, space).toLowerCase(Locale.ROOT)) {
      case "bearer" -> isOneOf(credentials, secrets);
      case "basic" -> isBasic(credentials, secrets);
      default -> false;
    };
  }

  private static boolean isBasic(String credentials, List<String> secrets) {
    String decoded;
    try {
      decoded = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return false;
    }
    boolean isWhole = isOneOf(decoded, secrets);
    boolean isPassword = isOneOf(decoded.substring(decoded.indexOf(':') + 1), secrets);
    return isWhole || isPassword;
  }

  private static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
