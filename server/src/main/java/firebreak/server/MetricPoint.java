package firebreak.server;

import firebreak.eventstore.Value;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.DataPointFlags;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One data point of a metric of any kind.
 *
 * @param fields its figures as fields; fails with IllegalArgumentException when they make no sense
 */
record MetricPoint(
    String metric,
    long timeUnixNano,
    int flags,
    List<KeyValue> attributes,
    Supplier<Map<String, Value>> fields) {

  /** The points of a metric; none when it is of a kind that is not known here. */
  static List<MetricPoint> of(Metric metric) {
    String name = metric.getName();
    return switch (metric.getDataCase()) {
      case GAUGE -> numbers(name, metric.getGauge().getDataPointsList());
      case SUM -> numbers(name, metric.getSum().getDataPointsList());
      case HISTOGRAM ->
          metric.getHistogram().getDataPointsList().stream()
              .map(
                  point ->
                      new MetricPoint(
                          name,
                          point.getTimeUnixNano(),
                          point.getFlags(),
                          point.getAttributesList(),
                          () -> MetricFields.of(name, point)))
              .toList();
      case EXPONENTIAL_HISTOGRAM ->
          metric.getExponentialHistogram().getDataPointsList().stream()
              .map(
                  point ->
                      new MetricPoint(
                          name,
                          point.getTimeUnixNano(),
                          point.getFlags(),
                          point.getAttributesList(),
                          () -> MetricFields.of(name, point)))
              .toList();
      case SUMMARY ->
          metric.getSummary().getDataPointsList().stream()
              .map(
                  point ->
                      new MetricPoint(
                          name,
                          point.getTimeUnixNano(),
                          point.getFlags(),
                          point.getAttributesList(),
                          () -> MetricFields.of(name, point)))
              .toList();
      case DATA_NOT_SET -> List.of();
    };
  }

  private static List<MetricPoint> numbers(String name, List<NumberDataPoint> points) {
    return points.stream()
        .map(
            point ->
                new MetricPoint(
                    name,
                    point.getTimeUnixNano(),
                    point.getFlags(),
                    point.getAttributesList(),
                    () -> MetricFields.of(name, point)))
        .toList();
  }

  /** Whether it only says that its series goes on without a value, or has ended. */
  boolean hasNoValue() {
    return (flags & DataPointFlags.DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK_VALUE) != 0;
  }
}
