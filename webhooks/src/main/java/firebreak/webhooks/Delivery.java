package firebreak.webhooks;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** One request of a sender as it came in: nothing in it is believed until it is verified. */
public final class Delivery {
  private final String sender;
  private final Map<String, String> headers;
  private final byte[] body;

  /**
   * @param sender the last part of the path, such as {@code github}
   * @param headers by name in any case; a header sent more than once has its values joined with a
   *     comma, which no signature survives
   * @param body the bytes that were signed, before any decoding; not copied
   */
  public Delivery(String sender, Map<String, String> headers, byte[] body) {
    Map<String, String> byName = new HashMap<>();
    headers.forEach(
        (name, value) -> byName.merge(name.toLowerCase(Locale.ROOT), value, (a, b) -> a + "," + b));
    this.sender = sender;
    this.headers = Map.copyOf(byName);
    this.body = body;
  }

  public String sender() {
    return sender;
  }

  /** The value of the header, empty when it was not sent; the name is lower-case. */
  String header(String name) {
    return headers.getOrDefault(name, "");
  }

  byte[] body() {
    return body;
  }
}
