package firebreak.webhooks;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA256 over the raw bytes of a body. */
final class Signature {
  private static final String ALGORITHM = "HmacSHA256";
  private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{64}");

  private Signature() {}

  /** Whether {@code hex} is the body's signature under one of the secrets, and nothing else. */
  static boolean isOf(byte[] body, String hex, List<String> secrets) {
    if (!HEX.matcher(hex).matches()) {
      return false;
    }
    byte[] claimed = HexFormat.of().parseHex(hex);
    boolean genuine = false;
    for (String secret : secrets) {
      // No early exit: the time taken tells nothing about which secret is in use.
      genuine |= MessageDigest.isEqual(claimed, sign(body, secret));
    }
    return genuine;
  }

  static byte[] sign(byte[] body, String secret) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}
