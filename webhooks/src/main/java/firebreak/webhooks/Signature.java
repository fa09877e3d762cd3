package firebreak.webhooks;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA256 over raw bytes, most often those of a body. */
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

  /** The body behind a prefix that is signed with it. */
  static byte[] prefixed(String prefix, byte[] body) {
    byte[] before = prefix.getBytes(StandardCharsets.UTF_8);
    byte[] all = Arrays.copyOf(before, before.length + body.length);
    System.arraycopy(body, 0, all, before.length, body.length);
    return all;
  }

  static byte[] sign(byte[] body, String secret) {
    return sign(body, secret.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] sign(byte[] body, byte[] key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}
