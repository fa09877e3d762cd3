package firebreak.deploytracker.github;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;

/** A GitHub App's private key: signs the tokens by which the App says who it is. */
final class AppKey {
  /** GitHub takes ten minutes at most, by its own clock. */
  static final Duration VALID = Duration.ofMinutes(9);

  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

  /** What goes before an RSA key of PKCS #1 to make it one of PKCS #8: version 0, RSA, no more. */
  private static final byte[] RSA = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

  private static final int OCTETS = 0x04;
  private static final int SEQUENCE = 0x30;

  private final PrivateKey key;

  private AppKey(PrivateKey key) {
    this.key = key;
  }

  /**
   * Reads a key, of PKCS #1 as GitHub hands them out, or of PKCS #8.
   *
   * @throws IllegalArgumentException if it is none; the message shows nothing of it
   */
  static AppKey read(String pem) {
    boolean isBare = pem.contains("BEGIN RSA PRIVATE KEY");
    try {
      byte[] read = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", "").strip());
      byte[] whole = isBare ? tagged(SEQUENCE, join(RSA, tagged(OCTETS, read))) : read;
      return new AppKey(
          KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(whole)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the App's key must be an RSA private key in PEM, as GitHub hands it out", e);
    }
  }

  /** The token by which the App says at this time that it is itself. */
  String token(String app, Instant now) {
    String head = encode("{\"alg\":\"RS256\",\"typ\":\"JWT\"}");
    String claims =
        encode(
            "{\"iat\":%d,\"exp\":%d,\"iss\":\"%s\"}"
                .formatted(
                    now.minus(CLOCKS_DIFFER).getEpochSecond(),
                    now.plus(VALID).getEpochSecond(),
                    app));
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key);
      signature.update((head + "." + claims).getBytes(StandardCharsets.US_ASCII));
      return head + "." + claims + "." + encode(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform signs with RSA", e);
    }
  }

  private static String encode(String text) {
    return encode(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** As DER has it: tag, length, content. */
  private static byte[] tagged(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else {
      String length = Integer.toHexString(content.length);
      byte[] bytes = HexFormat.of().parseHex(length.length() % 2 == 0 ? length : "0" + length);
      out.write(0x80 | bytes.length);
      out.writeBytes(bytes);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static byte[] join(byte[] a, byte[] b) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(a);
    out.writeBytes(b);
    return out.toByteArray();
  }
}
