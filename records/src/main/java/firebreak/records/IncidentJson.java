package firebreak.records;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import firebreak.bubbleup.Difference;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Value;
import firebreak.flags.Audience;
import firebreak.guard.Incident;
import firebreak.slo.BudgetRule;
import firebreak.slo.Budgeting;
import java.util.List;
import java.util.Locale;

/**
 * Incidents as JSON and back, exactly: what is read equals what was written, NaN and odd characters
 * included.
 *
 * <p>A sealed type's cases carry their name in lower case as {@code type}. Members that a newer
 * Firebreak added are passed over, and lists that an older one did not have are empty.
 */
final class IncidentJson {

  /** The sealed types that an incident is made of. */
  private static final List<Class<?>> SEALED =
      List.of(
          Audience.class,
          Difference.class,
          Value.class,
          Filter.class,
          Budgeting.class,
          BudgetRule.class);

  private static final ObjectMapper MAPPER = mapper();

  private IncidentJson() {}

  /** What every sealed type is annotated with from outside. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  private interface NamedCases {}

  private static ObjectMapper mapper() {
    JsonMapper.Builder builder =
        JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            // Halves of characters survive in no other way.
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            // A record's components count, and none of its other methods.
            .visibility(PropertyAccessor.FIELD, Visibility.ANY)
            .visibility(PropertyAccessor.GETTER, Visibility.NONE)
            .visibility(PropertyAccessor.IS_GETTER, Visibility.NONE);
    builder.withConfigOverride(
        List.class, config -> config.setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)));
    for (Class<?> sealed : SEALED) {
      builder.addMixIn(sealed, NamedCases.class);
      for (Class<?> each : sealed.getPermittedSubclasses()) {
        builder.registerSubtypes(
            new NamedType(each, each.getSimpleName().toLowerCase(Locale.ROOT)));
      }
    }
    return builder.build();
  }

  static String write(Incident incident) {
    try {
      return MAPPER.writeValueAsString(incident);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("incident " + incident.id() + " cannot be written", e);
    }
  }

  static Incident read(String json) {
    try {
      return MAPPER.readValue(json, Incident.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an incident cannot be read: " + json, e);
    }
  }
}
