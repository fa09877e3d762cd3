package firebreak.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import firebreak.deploytracker.FieldRoles;
import firebreak.eventstore.Value;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The evaluation of a feature flag, told as a span event or a log record; it becomes a field that
 * holds the variation served, always as text, so that all tellers agree on it.
 */
final class FlagEvaluation {
  /** LaunchDarkly's hook writes the first, the semantic conventions have the second. */
  private static final Set<String> NAMES = Set.of("feature_flag", "feature_flag.evaluation");

  private static final List<String> RESULTS =
      List.of(
          "feature_flag.result.variant",
          "feature_flag.variant",
          "feature_flag.result.value",
          "feature_flag.result.variationIndex");

  private FlagEvaluation() {}

  /** Puts the field, if the event of that name is an evaluation. */
  static void put(Fields fields, String eventName, List<KeyValue> attributes) {
    if (!NAMES.contains(eventName)) {
      return;
    }
    @Nullable Value key = OtlpAttributes.find(attributes, "feature_flag.key");
    if (key == null || key.display().isEmpty()) {
      return;
    }
    for (String result : RESULTS) {
      @Nullable Value variation = OtlpAttributes.find(attributes, result);
      if (variation != null) {
        fields.put(FieldRoles.FLAG_PREFIX + key.display(), Value.of(text(variation, attributes)));
        return;
      }
    }
  }

  /** LaunchDarkly's hooks write a value as JSON: a text has quotes, which are no part of it. */
  private static String text(Value variation, List<KeyValue> attributes) {
    String text = variation.display();
    boolean isJson =
        Value.of("LaunchDarkly")
            .equals(OtlpAttributes.find(attributes, "feature_flag.provider.name"));
    if (!isJson || !text.startsWith("\"")) {
      return text;
    }
    try {
      return Json.MAPPER.readTree(text).asText(text);
    } catch (JsonProcessingException _) {
      return text;
    }
  }
}
