package firebreak.bench.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BodyTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @ParameterizedTest
  @EnumSource(Wire.class)
  void everyEventHasTheNumberOfItsRequest(Wire wire) {
    Body body = wire.body(20, NOW);

    for (int number : List.of(0, 7, 12_345_678)) {
      byte[] sent = body.numbered(number);
      String text = new String(sent, StandardCharsets.ISO_8859_1);
      assertEquals(body.bytes(), sent.length);
      assertEquals(21, text.split(Body.number(number), -1).length, "twenty of them");
      assertEquals(-1, text.indexOf(Body.PLACE));
      assertEquals(-1, text.indexOf(Body.TRACE_PLACE));
    }
  }

  @Test
  void theNumberIsAnAttributeOfEachSpan() throws Exception {
    byte[] sent = Wire.OTLP_PROTOBUF.body(20, NOW).numbered(42);

    List<Span> spans =
        ExportTraceServiceRequest.parseFrom(sent)
            .getResourceSpans(0)
            .getScopeSpans(0)
            .getSpansList();
    assertEquals(20, spans.size());
    Set<String> numbers =
        spans.stream()
            .flatMap(span -> span.getAttributesList().stream())
            .filter(attribute -> attribute.getKey().equals(Wire.REQUEST))
            .map(attribute -> attribute.getValue().getStringValue())
            .collect(Collectors.toSet());
    assertEquals(Set.of("r00000042"), numbers);
    assertEquals(
        20,
        spans.stream().filter(span -> span.getStartTimeUnixNano() % 1_000_000 == 42 * 997).count());
    assertTrue(
        spans.stream().allMatch(span -> span.getEndTimeUnixNano() > span.getStartTimeUnixNano()));
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void noTwoRequestsHaveEventsOfOneTime(Wire wire) {
    assertEquals(1_000, wire.body(1_000, NOW).events());
    Body body = wire.body(20, NOW);
    String one = new String(body.numbered(1), StandardCharsets.ISO_8859_1);
    if (wire != Wire.OTLP_PROTOBUF) {
      assertEquals(21, one.split("\\d{3}000997(Z\"|\")", -1).length, "twenty of them");
    }
    assertNotEquals(one, new String(body.numbered(2), StandardCharsets.ISO_8859_1));
  }
}
