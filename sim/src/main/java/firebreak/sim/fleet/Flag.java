package firebreak.sim.fleet;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.flags.FlagState;
import firebreak.sim.fleet.World.Customer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A flag over time. What it serves is decided as LaunchDarkly's SDKs decide it: prerequisites, then
 * single targets, then rules, then the fallthrough; a rollout by the first fifteen hexadecimal
 * digits of the SHA-1 of {@code key.salt.context}.
 */
final class Flag {
  /** All of a rollout's weights together. */
  static final int WHOLE = 100_000;

  private static final double LONG_SCALE = 0xFFFFFFFFFFFFFFFL;

  private final String key;
  private final List<String> variations;
  private final boolean byUser;
  private final int contexts;
  private final float[] buckets;
  private final List<State> states = new ArrayList<>();
  private final MessageDigest sha1 = sha1();
  private @Nullable LiveFlags live;
  private long liveFrom;

  /** The definition from a time on, and what it has served so far, by context; 0 is unknown. */
  private static final class State {
    final long from;
    final int version;
    final Definition definition;
    final byte[] served;

    State(long from, int version, Definition definition, int contexts) {
      this.from = from;
      this.version = version;
      this.definition = definition;
      this.served = new byte[contexts];
    }
  }

  /**
   * What is served to whom.
   *
   * @param on whether it is; else the off variation is served
   * @param off the off variation's index
   * @param fallthrough weights by variation, out of {@link #WHOLE}
   * @param prerequisite another flag that must serve its first variation; null for none
   */
  record Definition(
      boolean on,
      int off,
      List<Integer> fallthrough,
      List<Rule> rules,
      List<Target> targets,
      @Nullable Flag prerequisite) {

    static Definition serving(int off, List<Integer> weights) {
      return new Definition(true, off, weights, List.of(), List.of(), null);
    }

    Definition falling(List<Integer> weights) {
      return new Definition(on, off, weights, rules, targets, prerequisite);
    }

    Definition turned(boolean isOn) {
      return new Definition(isOn, off, fallthrough, rules, targets, prerequisite);
    }

    Definition ruled(List<Rule> newRules) {
      return new Definition(on, off, fallthrough, newRules, targets, prerequisite);
    }

    Definition targeted(List<Target> newTargets) {
      return new Definition(on, off, fallthrough, rules, newTargets, prerequisite);
    }

    Definition requiring(Flag flag) {
      return new Definition(on, off, fallthrough, rules, targets, flag);
    }
  }

  /** Contexts whose attribute has the value are served by these weights. */
  record Rule(String attribute, String value, List<Integer> weights) {
    boolean matches(Customer customer) {
      String has = attributes(customer).get(attribute);
      if (has == null) {
        throw new IllegalArgumentException("no attribute " + attribute);
      }
      return has.equals(value);
    }
  }

  /** One customer is served one variation. */
  record Target(int customer, String id, int variation) {}

  Flag(
      String key,
      List<String> variations,
      boolean byUser,
      World world,
      int version,
      Definition first) {
    this.key = key;
    this.variations = variations;
    this.byUser = byUser;
    this.contexts = world.customers().size() * (byUser ? World.USERS_AT_MOST : 1);
    this.buckets = new float[contexts];
    java.util.Arrays.fill(buckets, Float.NaN);
    states.add(new State(Long.MIN_VALUE, version, first, contexts));
  }

  String key() {
    return key;
  }

  List<String> variations() {
    return variations;
  }

  /** The definition from {@code millis} on, the next version; changes come in order of time. */
  void change(long millis, Definition definition) {
    states.add(new State(millis, version() + 1, definition, contexts));
  }

  /** The latest version. */
  int version() {
    return states.getLast().version;
  }

  /** The flag as its provider has it at a time. */
  FlagState at(long millis) {
    State state = state(millis);
    return new FlagState(
        key,
        Integer.toString(state.version),
        state.definition.on,
        variations,
        variations.get(state.definition.off),
        true,
        false,
        Set.of(),
        json(state.definition, state.version));
  }

  Definition definition(long millis) {
    return state(millis).definition;
  }

  Definition latest() {
    return states.getLast().definition;
  }

  long lastChange() {
    return states.getLast().from;
  }

  private State state(long millis) {
    int i = states.size() - 1;
    while (states.get(i).from > millis) {
      i--;
    }
    return states.get(i);
  }

  /** Serves requests of this time and later what the provider has at the moment of asking. */
  void follow(long from, LiveFlags flags) {
    liveFrom = from;
    live = flags;
  }

  /** The index of the variation that a customer's user is served at a time. */
  int serves(Customer customer, int user, long millis) {
    if (live != null && millis >= liveFrom) {
      return serves(live, customer, user);
    }
    State state = state(millis);
    Flag required = state.definition.prerequisite;
    if (required != null
        && (!required.definition(millis).on() || required.serves(customer, user, millis) != 0)) {
      return state.definition.off;
    }
    int context = byUser ? customer.index() * World.USERS_AT_MOST + user : customer.index();
    byte known = state.served[context];
    if (known != 0) {
      return known - 1;
    }
    int served = evaluate(state.definition, customer, user, context);
    state.served[context] = (byte) (served + 1);
    return served;
  }

  /** The application turns what it does not find off. */
  private int serves(LiveFlags provider, Customer customer, int user) {
    Map<String, String> keys = Map.of("customer", customer.id(), "user", userId(customer, user));
    int served = variations.indexOf(provider.variation(key, keys, attributes(customer)));
    return served < 0 ? latest().off : served;
  }

  /** What rules can ask of a customer and of its users. */
  static Map<String, String> attributes(Customer customer) {
    return Map.of(
        "plan",
        customer.plan(),
        "platform",
        customer.platform(),
        "sdk",
        customer.sdk(),
        "beta",
        Boolean.toString(customer.beta()));
  }

  private int evaluate(Definition definition, Customer customer, int user, int context) {
    if (!definition.on) {
      return definition.off;
    }
    for (Target target : definition.targets) {
      if (target.customer == customer.index()) {
        return target.variation;
      }
    }
    for (Rule rule : definition.rules) {
      if (rule.matches(customer)) {
        return rolled(rule.weights, customer, user, context);
      }
    }
    return rolled(definition.fallthrough, customer, user, context);
  }

  private int rolled(List<Integer> weights, Customer customer, int user, int context) {
    if (Float.isNaN(buckets[context])) {
      buckets[context] = bucket(byUser ? userId(customer, user) : customer.id());
    }
    float sum = 0;
    int last = 0;
    for (int i = 0; i < weights.size(); i++) {
      sum += weights.get(i) / (float) WHOLE;
      if (weights.get(i) > 0) {
        last = i;
      }
      if (buckets[context] < sum) {
        return i;
      }
    }
    return last;
  }

  static String userId(Customer customer, int user) {
    return customer.id() + ".u" + user;
  }

  /** Where a context falls between 0 and 1. */
  float bucket(String contextKey) {
    byte[] hash =
        sha1.digest((key + "." + key + "." + contextKey).getBytes(StandardCharsets.UTF_8));
    return (float) (ByteBuffer.wrap(hash).getLong() >>> 4) / (float) LONG_SCALE;
  }

  private static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  /** The definition as LaunchDarkly writes it; the salt is the key. */
  String json(Definition definition, int version) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("key", key).put("version", version).put("on", definition.on).put("salt", key);
    ArrayNode values = node.putArray("variations");
    for (String variation : variations) {
      if (variation.equals("true") || variation.equals("false")) {
        values.add(variation.equals("true"));
      } else {
        values.add(variation);
      }
    }
    node.put("offVariation", definition.off);
    node.set("fallthrough", served(definition.fallthrough));
    ArrayNode rules = node.putArray("rules");
    for (Rule rule : definition.rules) {
      ObjectNode ruled = served(rule.weights);
      ruled.put("id", rule.attribute + "-" + rule.value);
      ObjectNode clause = ruled.putArray("clauses").addObject();
      clause.put("contextKind", kind()).put("attribute", rule.attribute).put("op", "in");
      clause.putArray("values").add(rule.value);
      rules.add(ruled);
    }
    node.putArray("targets");
    ArrayNode targets = node.putArray("contextTargets");
    for (Target target : definition.targets) {
      ObjectNode one = targets.addObject().put("contextKind", "customer");
      one.put("variation", target.variation).putArray("values").add(target.id);
    }
    ArrayNode prerequisites = node.putArray("prerequisites");
    if (definition.prerequisite != null) {
      prerequisites.addObject().put("key", definition.prerequisite.key).put("variation", 0);
    }
    return node.toString();
  }

  private String kind() {
    return byUser ? "user" : "customer";
  }

  private ObjectNode served(List<Integer> weights) {
    ObjectNode served = JsonNodeFactory.instance.objectNode();
    if (weights.contains(WHOLE)) {
      return served.put("variation", weights.indexOf(WHOLE));
    }
    ObjectNode rollout = served.putObject("rollout").put("contextKind", kind());
    ArrayNode listed = rollout.putArray("variations");
    for (int i = 0; i < weights.size(); i++) {
      listed.addObject().put("variation", i).put("weight", weights.get(i));
    }
    return served;
  }
}
