package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import firebreak.eventstore.Value;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AwaitedFlagsTest {
  private static final ByteString TRACE = ByteString.copyFromUtf8("trace");

  private static ByteString span(int i) {
    return ByteString.copyFromUtf8("span" + i);
  }

  @Test
  void keepsTheLastVariationOfEachFlagOfASpan() {
    AwaitedFlags flags = new AwaitedFlags();
    flags.put(TRACE, span(1), "flag.a", Value.of("on"));
    flags.put(TRACE, span(1), "flag.b", Value.of("x"));
    flags.put(TRACE, span(1), "flag.a", Value.of("off"));
    flags.put(TRACE, ByteString.EMPTY, "flag.a", Value.of("on"));

    assertEquals(
        Map.of("flag.a", Value.of("off"), "flag.b", Value.of("x")), flags.of(TRACE, span(1)));
    assertEquals(Map.of(), flags.of(TRACE, span(2)));
    assertEquals(Map.of(), flags.of(TRACE, ByteString.EMPTY));
  }

  @Test
  void forgetsTheOldestSpansBeyondItsLimit() {
    AwaitedFlags flags = new AwaitedFlags(2, 1_000);
    for (int i = 0; i < 3; i++) {
      flags.put(TRACE, span(i), "flag.a", Value.of("on"));
    }

    assertEquals(Map.of(), flags.of(TRACE, span(0)));
    assertEquals(Map.of("flag.a", Value.of("on")), flags.of(TRACE, span(2)));
  }

  @Test
  void holdsNoMoreTextThanItsLimit() {
    AwaitedFlags flags = new AwaitedFlags(1_000, 20);
    flags.put(TRACE, span(0), "flag.a", Value.of("on"));
    flags.put(TRACE, span(1), "flag.a", Value.of("on"));
    flags.put(TRACE, span(2), "flag.a", Value.of("on"));
    flags.put(TRACE, span(3), "flag.a", Value.of("x".repeat(100)));

    for (int i = 0; i < 4; i++) {
      assertEquals(Map.of(), flags.of(TRACE, span(i)));
    }
    flags.put(TRACE, span(4), "flag.a", Value.of("on"));
    assertEquals(Map.of("flag.a", Value.of("on")), flags.of(TRACE, span(4)));
  }
}
