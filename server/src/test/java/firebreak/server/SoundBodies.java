package firebreak.server;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/** Bodies that every reader must take, with something of all that it knows; and costly ones. */
final class SoundBodies {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final long NANOS = 1_772_366_340_000_000_000L;

  private SoundBodies() {}

  static final String EVENT =
      """
      {"name":"GET /","duration_ms":12.5,"status":200,"error":false,"user":{"id":7,"tags":["a"]}}
      """;

  static final String BATCH =
      """
      [{"time":"2026-03-01T11:59:00.5Z","samplerate":4,"data":{"name":"a","n":1e3,"o":{"p":{"q":1}}}},
       {"time":1772366340,"data":{"name":"\\u00e4\\ud83d\\ude00","list":[1,[2,{"x":null}]]}}]
      """;

  static final String QUERY =
      """
      {"calculations":[{"op":"P99","column":"duration_ms"},{"op":"COUNT"}],"breakdowns":["user"],
       "filters":[{"column":"status","op":">=","value":500},{"column":"user","op":"in","value":["a"]}],
       "filter_combination":"OR","orders":[{"op":"COUNT","order":"descending"}],"limit":10,
       "havings":[{"calculate_op":"COUNT","op":">","value":3}],"time_range":7200,"granularity":60,
       "compare_time_offset_seconds":86400}
      """;

  static final String TRACES =
      """
      {"resourceSpans":[{"resource":{"attributes":[
         {"key":"service.name","value":{"stringValue":"checkout"}}]},
        "scopeSpans":[{"scope":{"name":"library"},"spans":[{"name":"GET","kind":2,
          "traceId":"000102030405060708090a0b0c0d0e0f","spanId":"0001020304050607",
          "startTimeUnixNano":"1772366340000000000","endTimeUnixNano":1772366341000000000,
          "attributes":[{"key":"map","value":{"kvlistValue":{"values":[
            {"key":"a","value":{"arrayValue":{"values":[{"doubleValue":0.5},{"intValue":"7"}]}}}]}}},
            {"key":"raw","value":{"bytesValue":"AAAA"}}],
          "events":[{"name":"exception","timeUnixNano":"1772366340500000000","attributes":[
            {"key":"exception.message","value":{"stringValue":"broken"}}]}],
          "links":[{"traceId":"000102030405060708090a0b0c0d0e0f"}],
          "status":{"code":"STATUS_CODE_ERROR","message":"x"}}]}]}]}
      """;

  static final String LOGS =
      """
      {"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1772366340000000000",
        "severityNumber":9,"body":{"stringValue":"it broke"},
        "attributes":[{"key":"event.name","value":{"stringValue":"x"}}]}]}]}]}
      """;

  static byte[] messagePack() throws IOException {
    return messagePack(false);
  }

  static byte[] messagePackWithExtensions() throws IOException {
    return messagePack(true);
  }

  static byte[] messagePack(boolean withExtensions) throws IOException {
    try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
      packer.packArrayHeader(1).packMapHeader(3);
      packer.packString("time");
      if (withExtensions) {
        packer.packTimestamp(NOW);
      } else {
        packer.packString(NOW.toString());
      }
      packer.packString("samplerate").packInt(2);
      packer.packString("data").packMapHeader(5);
      packer.packString("name").packString("GET");
      packer.packString("took").packDouble(12.5);
      packer.packString("big").packLong(Long.MAX_VALUE);
      packer.packString("deep").packMapHeader(1).packString("a").packArrayHeader(1).packNil();
      packer.packString("raw").packBinaryHeader(3).writePayload(new byte[3]);
      return packer.toByteArray();
    }
  }

  static ExportTraceServiceRequest traces() {
    var builder = ExportTraceServiceRequest.newBuilder();
    var resource = builder.addResourceSpansBuilder();
    resource
        .getResourceBuilder()
        .addAttributesBuilder()
        .setKey("service.name")
        .getValueBuilder()
        .setStringValue("checkout");
    var scope = resource.addScopeSpansBuilder();
    scope.getScopeBuilder().setName("library").setVersion("1");
    var span = scope.addSpansBuilder();
    span.setName("GET")
        .setStartTimeUnixNano(NANOS)
        .setEndTimeUnixNano(1_772_366_341_000_000_000L)
        .setTraceId(ByteString.copyFrom(new byte[16]))
        .setSpanId(ByteString.copyFrom(new byte[8]));
    var list = span.addAttributesBuilder();
    list.setKey("map")
        .getValueBuilder()
        .getKvlistValueBuilder()
        .addValuesBuilder()
        .setKey("inner")
        .getValueBuilder()
        .getArrayValueBuilder()
        .addValuesBuilder()
        .setDoubleValue(0.5);
    span.addAttributesBuilder().setKey("SampleRate").getValueBuilder().setIntValue(3);
    var event = span.addEventsBuilder();
    event.setName("exception").setTimeUnixNano(1_772_366_340_500_000_000L);
    event
        .addAttributesBuilder()
        .setKey("exception.message")
        .getValueBuilder()
        .setStringValue("broken");
    span.addEventsBuilder()
        .setName("feature_flag.evaluation")
        .addAttributesBuilder()
        .setKey("feature_flag.key")
        .getValueBuilder()
        .setStringValue("a-flag");
    span.addLinksBuilder().setTraceId(ByteString.copyFrom(new byte[16]));
    span.getStatusBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR).setMessage("broken");
    return builder.build();
  }

  static ExportLogsServiceRequest logs() {
    var builder = ExportLogsServiceRequest.newBuilder();
    var record = builder.addResourceLogsBuilder().addScopeLogsBuilder().addLogRecordsBuilder();
    record.setTimeUnixNano(NANOS).setSeverityNumber(SeverityNumber.SEVERITY_NUMBER_INFO);
    record.getBodyBuilder().setStringValue("it broke");
    record.addAttributesBuilder().setKey("event.name").getValueBuilder().setStringValue("x");
    record
        .addAttributesBuilder()
        .setKey("raw")
        .getValueBuilder()
        .setBytesValue(ByteString.copyFromUtf8("abc"));
    return builder.build();
  }

  /** Long names over many fields, long shared fields over many spans, deep values. */
  static List<byte[]> costlyTraces() {
    var named = traces().toBuilder();
    var attribute =
        named
            .getResourceSpansBuilder(0)
            .getScopeSpansBuilder(0)
            .getSpansBuilder(0)
            .addAttributesBuilder();
    var values = attribute.setKey("n".repeat(30_000)).getValueBuilder().getKvlistValueBuilder();
    for (int i = 0; i < 5_000; i++) {
      values.addValuesBuilder().setKey("k").getValueBuilder().setBoolValue(true);
    }
    var shared = traces().toBuilder();
    var resource = shared.getResourceSpansBuilder(0);
    for (int i = 0; i < 900; i++) {
      resource
          .getResourceBuilder()
          .addAttributesBuilder()
          .setKey("field-" + i)
          .getValueBuilder()
          .setIntValue(i);
    }
    for (int i = 0; i < 3_000; i++) {
      resource.getScopeSpansBuilder(0).addSpansBuilder().setName("s");
    }
    return List.of(named.build().toByteArray(), shared.build().toByteArray());
  }

  static ExportMetricsServiceRequest metrics() {
    var builder = ExportMetricsServiceRequest.newBuilder();
    var scope = builder.addResourceMetricsBuilder().addScopeMetricsBuilder();
    var sum = scope.addMetricsBuilder().setName("requests").getSumBuilder().setIsMonotonic(true);
    var point = sum.addDataPointsBuilder().setTimeUnixNano(NANOS).setAsInt(7);
    point.addAttributesBuilder().setKey("host").getValueBuilder().setStringValue("a");
    scope
        .addMetricsBuilder()
        .setName("load")
        .getGaugeBuilder()
        .addDataPointsBuilder()
        .setTimeUnixNano(NANOS)
        .setAsDouble(0.5);
    scope
        .addMetricsBuilder()
        .setName("took")
        .getHistogramBuilder()
        .addDataPointsBuilder()
        .setTimeUnixNano(NANOS)
        .setCount(3)
        .setSum(4.5)
        .addExplicitBounds(1)
        .addBucketCounts(1)
        .addBucketCounts(2);
    var exponential =
        scope
            .addMetricsBuilder()
            .setName("size")
            .getExponentialHistogramBuilder()
            .addDataPointsBuilder();
    exponential.setTimeUnixNano(NANOS).setCount(3).setSum(9).setScale(2).setZeroCount(1);
    exponential.getPositiveBuilder().setOffset(-1).addBucketCounts(1).addBucketCounts(1);
    scope
        .addMetricsBuilder()
        .setName("age")
        .getSummaryBuilder()
        .addDataPointsBuilder()
        .setTimeUnixNano(NANOS)
        .setCount(1)
        .setSum(2)
        .addQuantileValuesBuilder()
        .setQuantile(0.5)
        .setValue(2);
    return builder.build();
  }

  /** Many points for one event; long shared fields over many points; far scales and offsets. */
  static List<byte[]> costlyMetrics() {
    var same = ExportMetricsServiceRequest.newBuilder();
    var gauge =
        same.addResourceMetricsBuilder()
            .addScopeMetricsBuilder()
            .addMetricsBuilder()
            .setName("a")
            .getGaugeBuilder();
    for (int i = 0; i < 20_000; i++) {
      gauge.addDataPointsBuilder().setTimeUnixNano(NANOS).setAsInt(1);
    }
    var shared = metrics().toBuilder();
    for (int i = 0; i < 900; i++) {
      shared
          .getResourceMetricsBuilder(0)
          .getResourceBuilder()
          .addAttributesBuilder()
          .setKey("field-" + i)
          .getValueBuilder()
          .setIntValue(i);
    }
    shared
        .getResourceMetricsBuilder(0)
        .addScopeMetrics(same.getResourceMetricsBuilder(0).getScopeMetricsBuilder(0));
    var far = metrics().toBuilder();
    var point =
        far.getResourceMetricsBuilder(0)
            .getScopeMetricsBuilder(0)
            .getMetricsBuilder(3)
            .getExponentialHistogramBuilder()
            .getDataPointsBuilder(0);
    point.setScale(Integer.MAX_VALUE).getPositiveBuilder().setOffset(Integer.MIN_VALUE);
    for (int i = 0; i < 60_000; i++) {
      point.getPositiveBuilder().addBucketCounts(1);
      point.getNegativeBuilder().addBucketCounts(i);
    }
    return List.of(
        same.build().toByteArray(), shared.build().toByteArray(), far.build().toByteArray());
  }
}
