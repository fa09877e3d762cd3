package firebreak.server;

import firebreak.eventstore.Value;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sample rate that a sampler wrote on a span as an attribute. */
final class SampleRate {
  private SampleRate() {}

  /** The rate, or {@code otherwise} where none is given or what is given is no rate. */
  static int of(List<KeyValue> attributes, int otherwise) {
    for (KeyValue attribute : attributes) {
      if (isRate(attribute)) {
        @Nullable Value value = OtlpAttributes.value(attribute.getValue());
        return value == null ? otherwise : rate(value, otherwise);
      }
    }
    return otherwise;
  }

  /** The attributes that are left to be fields. */
  static List<KeyValue> without(List<KeyValue> attributes) {
    return attributes.stream().anyMatch(SampleRate::isRate)
        ? attributes.stream().filter(attribute -> !isRate(attribute)).toList()
        : attributes;
  }

  private static boolean isRate(KeyValue attribute) {
    return attribute.getKey().equalsIgnoreCase("SampleRate");
  }

  private static int rate(Value value, int otherwise) {
    try {
      double rate = value.isNumber() ? value.asDouble() : Double.parseDouble(value.display());
      return rate >= 1 && rate <= Integer.MAX_VALUE ? (int) Math.round(rate) : otherwise;
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }
}
