package firebreak.webhooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SignatureTest {
  private static final byte[] BODY = Mail.bytes("Hello, World!");
  private static final String HEX =
      "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

  @Test
  void signsAsGitHubDoes() {
    assertEquals(HEX, HexFormat.of().formatHex(Signature.sign(BODY, Mail.SECRET)));
    assertTrue(Signature.isOf(BODY, HEX, List.of(Mail.SECRET)));
    assertTrue(Signature.isOf(BODY, HEX.toUpperCase(Locale.ROOT), List.of(Mail.SECRET)));
  }

  @Test
  void anyOneOfTheSecretsInUseWill() {
    assertTrue(Signature.isOf(BODY, HEX, List.of("new", Mail.SECRET)));
    assertTrue(Signature.isOf(BODY, HEX, List.of(Mail.SECRET, "new")));
    assertFalse(Signature.isOf(BODY, HEX, List.of("new", "newer")));
    assertFalse(Signature.isOf(BODY, HEX, List.of()));
  }

  @Test
  void nothingButTheExactSignatureWill() {
    List<String> others =
        List.of(
            "",
            HEX.substring(1),
            HEX + "0",
            " " + HEX,
            HEX + "\n",
            HEX + "," + HEX,
            "0x" + HEX.substring(2),
            "sha256=" + HEX,
            HEX.replace('7', '٧'),
            "0".repeat(64));
    for (String other : others) {
      assertFalse(Signature.isOf(BODY, other, List.of(Mail.SECRET)), other);
    }
  }

  @Test
  void noChangedBitOfBodyOrSignaturePasses() {
    long seed = 16;
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] body = new byte[1 + random.nextInt(64)];
      random.nextBytes(body);
      byte[] signature = Signature.sign(body, Mail.SECRET);
      byte[] victim = random.nextBoolean() ? body : signature;
      String genuine = HexFormat.of().formatHex(signature);
      assertTrue(Signature.isOf(body, genuine, List.of(Mail.SECRET)), "seed " + seed);
      victim[random.nextInt(victim.length)] ^= (byte) (1 << random.nextInt(8));
      String claimed = HexFormat.of().formatHex(signature);
      assertFalse(Signature.isOf(body, claimed, List.of(Mail.SECRET)), "seed " + seed);
    }
  }
}
