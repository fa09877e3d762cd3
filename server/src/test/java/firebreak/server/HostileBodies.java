package firebreak.server;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Bodies that nobody would send in good faith: sound ones, spoilt by chance, and known tricks. */
final class HostileBodies {
  private static final int LONGEST = 64 * 1024;

  private static final List<String> WORDS =
      List.of(
          "\"",
          "{",
          "}",
          "[",
          "]",
          ":",
          ",",
          "null",
          "true",
          "-0",
          "1e999",
          "-1e-999",
          "NaN",
          "\\u",
          "\\ud800",
          "\\udc00\\ud800",
          "\u0000",
          "\uFEFF",
          "9223372036854775808",
          "1e400",
          "\"time\":",
          "\"samplerate\":",
          "\"data\":{",
          "0.00000000000000000000000000000000001",
          "[[[[[[[[[[",
          "{\"a\":{\"a\":{\"a\":",
          "-9223372036854775808",
          "\"\":",
          "1970-01-01T00:00:00Z",
          "\\n");

  private static final byte[][] BYTES = {
    {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0x7F},
    {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80},
    {(byte) 0xDF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF},
    {(byte) 0xDD, (byte) 0x7F, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF},
    {(byte) 0xC6, (byte) 0x7F, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF},
    {(byte) 0xC7, 12, (byte) 0xFF, 0, 0, 0, 0},
    {(byte) 0xCB, 0x7F, (byte) 0xF8, 0, 0, 0, 0, 0, 0},
    {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
    {0, 0, (byte) 0xFE, (byte) 0xFF},
    {(byte) 0xFE, (byte) 0xFF},
  };

  private final Random random;
  private final List<byte[]> sound;

  HostileBodies(long seed, List<byte[]> sound) {
    this.random = new Random(seed);
    this.sound = sound;
  }

  /** The next body. */
  byte[] next() {
    byte[] body = sound.get(random.nextInt(sound.size()));
    for (int left = 1 + random.nextInt(4); left > 0; left--) {
      body = spoilt(body);
    }
    return body.length > LONGEST ? Arrays.copyOf(body, LONGEST) : body;
  }

  private byte[] spoilt(byte[] body) {
    int from = random.nextInt(body.length + 1);
    int to = from + random.nextInt(Math.min(64, body.length - from) + 1);
    return switch (random.nextInt(8)) {
      case 0 -> flipped(body);
      case 1 -> replaced(body, from, to, new byte[0]);
      case 2 -> replaced(body, from, from, Arrays.copyOfRange(body, from, to));
      case 3 -> replaced(body, from, to, word());
      case 4 -> replaced(body, from, from, repeated(Arrays.copyOfRange(body, from, to)));
      case 5 -> Arrays.copyOf(body, from);
      case 6 -> spliced(body, from);
      default -> replaced(body, from, from, word());
    };
  }

  private byte[] flipped(byte[] body) {
    byte[] copy = body.clone();
    if (copy.length > 0) {
      copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return copy;
  }

  private byte[] word() {
    return random.nextBoolean()
        ? WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.UTF_8)
        : BYTES[random.nextInt(BYTES.length)];
  }

  private byte[] repeated(byte[] part) {
    return repeated(part, part.length == 0 ? 0 : 1 << random.nextInt(10));
  }

  private byte[] spliced(byte[] body, int at) {
    byte[] other = sound.get(random.nextInt(sound.size()));
    return replaced(
        body, at, body.length, Arrays.copyOfRange(other, other.length / 2, other.length));
  }

  private static byte[] replaced(byte[] body, int from, int to, byte[] by) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + by.length);
    out.write(body, 0, from);
    out.writeBytes(by);
    out.write(body, to, body.length - to);
    return out.toByteArray();
  }

  private static byte[] repeated(byte[] part, int times) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(part.length * times);
    for (int i = 0; i < times; i++) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** JSON that tries to cost much, around a fragment of a body that is read. */
  static List<byte[]> costlyJson(String before, String after) {
    StringBuilder keys = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      keys.append("\"k%d\":%d,".formatted(i, i));
    }
    String longName = "\"" + "n".repeat(30_000) + "\":";
    return List.of(
        text(before + "\"a\":" + "[".repeat(100_000) + after),
        text(before + "{\"a\":".repeat(100_000) + after),
        text(before + "\"a\":" + "9".repeat(1_000_000) + after),
        text(before + "\"a\":0." + "1".repeat(1_000_000) + after),
        text(before + "\"a\":1e" + "9".repeat(100_000) + after),
        text(before + keys + "\"z\":1" + after),
        text(before + "\"a\":1,".repeat(20_000) + "\"a\":2" + after),
        text(before + longName + "{" + "\"a\":1,".repeat(5_000) + "\"b\":1}" + after),
        text(before + "\"a\":\"" + "\\ud800".repeat(10_000) + "\"" + after),
        text("\uFEFF" + before + "\"a\":1" + after),
        (before + "\"a\":1" + after).getBytes(StandardCharsets.UTF_16BE),
        (before + "\"a\":1" + after).getBytes(StandardCharsets.UTF_16LE),
        new byte[] {0, 0, (byte) 0xFE, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7B},
        text(before + "\"a\":\"" + "x".repeat(1_000_000)));
  }

  static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
