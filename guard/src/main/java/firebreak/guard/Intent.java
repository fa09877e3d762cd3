package firebreak.guard;

import firebreak.flags.Audience;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The name of a change we intend: the same on every retry, restart and replica, since it is made
 * from what the change is and from the fence that it expects.
 */
final class Intent {
  private Intent() {}

  static String id(
      String environment, String flag, String fence, Audience audience, String toVariation) {
    return hash(environment, flag, fence, "withdraw", describe(audience), toVariation);
  }

  /** The audience as a person reads it: {@code customer retail}. */
  static String describe(Audience audience) {
    return switch (audience) {
      case Audience.Contexts contexts ->
          contexts.kind()
              + " "
              + String.join(", ", contexts.keys().stream().sorted().distinct().toList());
      case Audience.Segment segment -> "segment " + segment.key();
      case Audience.Everyone _ -> "everyone";
    };
  }

  /** SHA-256, hex, of the parts, each led by its length so that no two lists read the same. */
  static String hash(String... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part : List.of(parts)) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
