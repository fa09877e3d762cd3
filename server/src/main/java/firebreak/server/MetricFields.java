package firebreak.server;

import firebreak.eventstore.Value;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The fields of one data point of a metric, under the metric's name.
 *
 * <p>A sum or a gauge is one field of that name. A histogram or a summary is a field for each of
 * its figures: {@code .count}, {@code .sum}, {@code .avg}, {@code .min}, {@code .max} and the
 * quantiles, each named by its decimals: {@code .p50}, {@code .p99}, {@code .p999}; those of a
 * histogram are estimated as {@link Buckets} says. What a point does not tell, or tells as not a
 * number, has no field.
 *
 * <p>The figures of a cumulative point are those since its start, quantiles included: they are to
 * be asked for by their rates, and quantiles are better sent as deltas.
 */
final class MetricFields {
  private static final double[] SHARES = {
    0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999
  };

  private final String name;
  private final Map<String, Value> values = new LinkedHashMap<>();

  private MetricFields(String name) {
    this.name = name;
  }

  static Map<String, Value> of(String name, NumberDataPoint point) {
    MetricFields fields = new MetricFields(name);
    switch (point.getValueCase()) {
      case AS_INT -> fields.values.put(name, Value.of(point.getAsInt()));
      case AS_DOUBLE -> fields.put("", point.getAsDouble());
      case VALUE_NOT_SET ->
          throw new IllegalArgumentException("a data point of " + name + " has no value");
    }
    return fields.values;
  }

  static Map<String, Value> of(String name, HistogramDataPoint point) {
    MetricFields fields = new MetricFields(name);
    fields.putCount(point.getCount());
    if (point.hasSum()) {
      fields.putSum(point.getSum(), point.getCount());
    }
    if (point.hasMin()) {
      fields.put(".min", point.getMin());
    }
    if (point.hasMax()) {
      fields.put(".max", point.getMax());
    }
    fields.putQuantiles(Buckets.of(point));
    return fields.values;
  }

  static Map<String, Value> of(String name, ExponentialHistogramDataPoint point) {
    MetricFields fields = new MetricFields(name);
    fields.putCount(point.getCount());
    if (point.hasSum()) {
      fields.putSum(point.getSum(), point.getCount());
    }
    if (point.hasMin()) {
      fields.put(".min", point.getMin());
    }
    if (point.hasMax()) {
      fields.put(".max", point.getMax());
    }
    fields.putQuantiles(Buckets.of(point));
    return fields.values;
  }

  static Map<String, Value> of(String name, SummaryDataPoint point) {
    MetricFields fields = new MetricFields(name);
    fields.putCount(point.getCount());
    fields.putSum(point.getSum(), point.getCount());
    for (var at : point.getQuantileValuesList()) {
      double share = at.getQuantile();
      if (!(share >= 0 && share <= 1)) {
        throw new IllegalArgumentException(
            "a quantile of %s lies between 0 and 1, was %s".formatted(name, share));
      }
      String suffix = share == 0 ? ".min" : share == 1 ? ".max" : percentile(share);
      fields.put(suffix, at.getValue());
    }
    return fields.values;
  }

  private void putCount(long count) {
    if (count < 0) {
      throw new IllegalArgumentException(
          "the count of %s is too large: %s".formatted(name, Long.toUnsignedString(count)));
    }
    values.put(name + ".count", Value.of(count));
  }

  private void putSum(double sum, long count) {
    put(".sum", sum);
    if (count > 0) {
      put(".avg", sum / count);
    }
  }

  private void putQuantiles(Buckets buckets) {
    for (double share : SHARES) {
      OptionalDouble value = buckets.quantile(share);
      if (value.isPresent()) {
        put(percentile(share), value.getAsDouble());
      }
    }
  }

  private void put(String suffix, double value) {
    if (Double.isFinite(value)) {
      values.put(name + suffix, Value.number(value));
    }
  }

  /** {@code .p50} for 0.5, {@code .p999} for 0.999. */
  private static String percentile(double share) {
    String decimals = BigDecimal.valueOf(share).toPlainString().substring("0.".length());
    return ".p" + (decimals.length() < 2 ? decimals + "0" : decimals);
  }
}
