package firebreak.flags;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.launchdarkly.sdk.ContextKind;
import com.launchdarkly.sdk.EvaluationDetail;
import com.launchdarkly.sdk.EvaluationReason;
import com.launchdarkly.sdk.LDContext;
import com.launchdarkly.sdk.LDValue;
import com.launchdarkly.sdk.server.Components;
import com.launchdarkly.sdk.server.DataModel;
import com.launchdarkly.sdk.server.LDClient;
import com.launchdarkly.sdk.server.LDConfig;
import com.launchdarkly.sdk.server.subsystems.ClientContext;
import com.launchdarkly.sdk.server.subsystems.DataSource;
import com.launchdarkly.sdk.server.subsystems.DataStoreTypes.FullDataSet;
import com.launchdarkly.sdk.server.subsystems.DataStoreTypes.KeyedItems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One definition of a flag, present or past, evaluated by LaunchDarkly's own SDK as an application
 * would have evaluated it. Nothing is sent anywhere.
 */
public final class FlagRules implements AutoCloseable {
  private final String key;
  private final ObjectNode definition;
  private final Set<String> attributes;
  private final Set<String> kinds;
  private @Nullable LDClient client;

  private FlagRules(String key, ObjectNode definition) {
    this.key = key;
    this.definition = definition;
    this.attributes = attributes(definition);
    this.kinds = kinds(definition);
  }

  /**
   * The rules of a definition as a {@link FlagState} has it; empty when it alone does not say what
   * is served: it asks for segments or other flags, deals out a percentage by a salt that it does
   * not have, or is no definition at all.
   */
  public static Optional<FlagRules> of(String key, String definition) {
    ObjectNode flag;
    try {
      flag = FlagJson.object(definition);
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
    flag.put("key", key);
    flag.replace("variations", values(flag.path("variations")));
    return isComplete(flag) ? Optional.of(new FlagRules(key, flag)) : Optional.empty();
  }

  /** Made when first asked, since many definitions never are. */
  private synchronized LDClient client() {
    if (client == null) {
      LDConfig config =
          new LDConfig.Builder()
              .events(Components.noEvents())
              .diagnosticOptOut(true)
              .logging(Components.noLogging())
              .startWait(Duration.ZERO)
              .dataSource(context -> new OneFlag(context, key, definition.toString()))
              .build();
      client = new LDClient("a definition needs no key", config);
    }
    return client;
  }

  /** The variations' values; LaunchDarkly's REST API wraps each in an object with an id. */
  private static ArrayNode values(JsonNode variations) {
    ArrayNode values = FlagJson.MAPPER.createArrayNode();
    variations.forEach(
        variation ->
            values.add(
                variation.has("_id") && variation.has("value")
                    ? variation.path("value")
                    : variation));
    return values;
  }

  private static boolean isComplete(ObjectNode flag) {
    if (flag.path("variations").isEmpty() || !flag.path("on").isBoolean()) {
      return false;
    }
    if (!flag.path("on").asBoolean()) {
      return true;
    }
    boolean needsSalt =
        !flag.findValues("rollout").isEmpty() && flag.path("salt").asText().isEmpty();
    boolean needsOthers =
        !flag.path("prerequisites").isEmpty()
            || flag.findValues("op").stream().anyMatch(op -> op.asText().equals("segmentMatch"));
    return !needsSalt && !needsOthers;
  }

  /** The attributes of a context that the rules look at, besides its key and kind. */
  public Set<String> attributes() {
    return attributes;
  }

  private static Set<String> attributes(ObjectNode definition) {
    Set<String> names = new TreeSet<>();
    for (String member : List.of("attribute", "bucketBy")) {
      for (JsonNode name : definition.findValues(member)) {
        names.add(name.asText());
      }
    }
    names.removeAll(List.of("key", "kind", ""));
    return Collections.unmodifiableSet(names);
  }

  /** The kinds of context that the rules may look at; what others are there makes no difference. */
  public Set<String> kinds() {
    return kinds;
  }

  /** What names no kind is about users. */
  private static Set<String> kinds(ObjectNode definition) {
    Set<String> names = new TreeSet<>(Set.of("user"));
    for (JsonNode name : definition.findValues("contextKind")) {
      names.add(name.asText());
    }
    boolean namesAll =
        definition.path("targets").isEmpty()
            && namesKind(definition.path("fallthrough").path("rollout"))
            && definition.path("rules").valueStream().allMatch(FlagRules::namesKinds);
    if (namesAll && definition.findValues("contextKind").stream().noneMatch(FlagRules::isUser)) {
      names.remove("user");
    }
    return Collections.unmodifiableSet(names);
  }

  private static boolean isUser(JsonNode kind) {
    return kind.asText().equals("user");
  }

  private static boolean namesKinds(JsonNode rule) {
    return namesKind(rule.path("rollout"))
        && rule.path("clauses").valueStream().allMatch(FlagRules::namesKind);
  }

  private static boolean namesKind(JsonNode part) {
    return part.isMissingNode() || part.path("contextKind").isTextual();
  }

  /** What it serves when it is off; null where it does not say. */
  public @Nullable String offVariation() {
    List<String> variations = FlagJson.variations(definition);
    int off = definition.path("offVariation").asInt(-1);
    return off >= 0 && off < variations.size() ? variations.get(off) : null;
  }

  /** What rule it was, for {@link Answer#rule} from 0 on. */
  public String rule(int index) {
    JsonNode rule = definition.path("rules").path(index);
    String named = rule.path("description").asText();
    return named.isEmpty() ? rule.path("id").asText(rule.path("_id").asText()) : named;
  }

  /**
   * What is served to someone who is a context of several kinds at once, such as a user of a
   * customer.
   *
   * @param keys the context's key by kind; a flag that looks at none of the kinds falls through
   * @param attributes texts, numbers and booleans, known of every kind of the context
   */
  public Answer serve(Map<String, String> keys, Map<String, Object> attributes) {
    if (keys.isEmpty()) {
      return Answer.NONE;
    }
    EvaluationDetail<LDValue> detail =
        client().jsonValueVariationDetail(key, context(keys, attributes), LDValue.ofNull());
    EvaluationReason reason = detail.getReason();
    if (reason.getKind() == EvaluationReason.Kind.ERROR) {
      return Answer.NONE;
    }
    boolean isRule = reason.getKind() == EvaluationReason.Kind.RULE_MATCH;
    return new Answer(FlagJson.text(detail.getValue()), isRule ? reason.getRuleIndex() : -1);
  }

  /** The context of these kinds, each of which has the attributes. */
  static LDContext context(Map<String, String> keys, Map<String, ?> attributes) {
    var context = LDContext.multiBuilder();
    keys.forEach((kind, name) -> context.add(single(kind, name, attributes)));
    return context.build();
  }

  private static LDContext single(String kind, String name, Map<String, ?> attributes) {
    var builder = LDContext.builder(name);
    attributes.forEach(
        (attribute, value) -> {
          switch (value) {
            case Boolean truth -> builder.set(attribute, truth);
            case Number number -> builder.set(attribute, number.doubleValue());
            default -> builder.set(attribute, value.toString());
          }
        });
    // Last, since an attribute may be called key or kind.
    return builder.kind(ContextKind.of(kind)).key(name).build();
  }

  @Override
  public synchronized void close() {
    try {
      if (client != null) {
        client.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What was served.
   *
   * @param variation the value as text, empty when none can be told
   * @param rule the index of the rule that matched; -1 when it was a target, the rollout or off
   */
  public record Answer(String variation, int rule) {
    static final Answer NONE = new Answer("", -1);
  }

  /** Gives the SDK the one flag, at once. */
  private record OneFlag(ClientContext context, String key, String flag) implements DataSource {
    @Override
    public Future<Void> start() {
      var item = DataModel.FEATURES.deserialize(flag);
      var sink = context.getDataSourceUpdateSink();
      if (sink == null) {
        throw new IllegalStateException("the SDK gave its data source nowhere to put data");
      }
      sink.init(
          new FullDataSet<>(
              Map.of(DataModel.FEATURES, new KeyedItems<>(Map.of(key, item).entrySet()))
                  .entrySet()));
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public boolean isInitialized() {
      return true;
    }

    @Override
    public void close() {}
  }
}
