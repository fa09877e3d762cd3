package firebreak.flags;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.flags.FlagRules.Answer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlagRulesTest {
  private static final String ROLLOUT =
      """
      {"key": "planner", "version": 1, "on": true, "salt": "s", "targets": [],
       "contextTargets": [{"contextKind": "customer", "variation": 0, "values": ["acme"]}],
       "rules": [{"id": "r1", "variation": 0, "clauses": [
         {"attribute": "seats", "op": "greaterThan", "values": [100], "contextKind": "customer"}]}],
       "fallthrough": {"rollout": {"contextKind": "customer", "variations": [
         {"variation": 0, "weight": 30000}, {"variation": 1, "weight": 70000}]}},
       "offVariation": 1, "variations": [true, false]}""";

  private static Map<String, String> customer(String key) {
    return Map.of("customer", key, "user", "ann");
  }

  /** The definition of a past moment is evaluated as the SDK evaluated it when it was in force. */
  @Test
  void servesWhatAnApplicationThatFollowsTheFileIsServed(@TempDir Path folder) {
    Path file =
        FlagFixtures.write(
            folder.resolve("flags.json"), "{\"flags\": {\"planner\": " + ROLLOUT + "}}");
    try (FlagRules rules = FlagRules.of("planner", ROLLOUT).orElseThrow();
        FlagReader reader = Flags.followFile(file)) {
      FlagFixtures.await("the reader", reader::isReady);
      int on = 0;
      for (int i = 0; i < 1000; i++) {
        String key = "customer-" + i;
        String served = rules.serve(customer(key), Map.of()).variation();
        assertEquals(reader.serve("planner", "customer", key, Map.of()).variation(), served);
        on += served.equals("true") ? 1 : 0;
      }
      assertTrue(on > 250 && on < 350, "30 % of 1000, was " + on);
    }
  }

  /** So that whoever asks for many contexts need not ask for each combination of them. */
  @Test
  void saysWhichKindsOfContextItLooksAt() {
    try (FlagRules rules = FlagRules.of("planner", ROLLOUT).orElseThrow()) {
      assertEquals(Set.of("customer"), rules.kinds());
    }
    String unnamed =
        ROLLOUT.replaceFirst("\\{\"contextKind\": \"customer\", \"variations", "{\"variations");
    try (FlagRules rules = FlagRules.of("planner", unnamed).orElseThrow()) {
      assertEquals(Set.of("customer", "user"), rules.kinds());
    }
  }

  @Test
  void saysWhichRuleMatched() {
    try (FlagRules rules = FlagRules.of("planner", ROLLOUT).orElseThrow()) {
      assertEquals(Set.of("seats"), rules.attributes());
      assertEquals("false", rules.offVariation());
      assertEquals("r1", rules.rule(0));
      assertEquals(new Answer("true", 0), rules.serve(customer("x"), Map.of("seats", 101)));
      assertEquals(new Answer("true", -1), rules.serve(customer("acme"), Map.of("seats", 1)));
      assertEquals(Answer.NONE, rules.serve(Map.of(), Map.of()));
    }
  }

  @Test
  void readsWhatTheRestApiWrites() {
    String wrapped =
        ROLLOUT.replace(
            "[true, false]",
            "[{\"_id\": \"a\", \"value\": true}, {\"_id\": \"b\", \"value\": false}]");
    try (FlagRules rules = FlagRules.of("planner", wrapped).orElseThrow()) {
      assertEquals("true", rules.serve(customer("acme"), Map.of()).variation());
    }
  }

  @Test
  void servesItsOffVariationWhenOff() {
    String off = ROLLOUT.replace("\"on\": true, \"salt\": \"s\"", "\"on\": false");
    try (FlagRules rules = FlagRules.of("planner", off).orElseThrow()) {
      assertEquals("false", rules.serve(customer("acme"), Map.of()).variation());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{}",
        "{\"on\": true, \"variations\": []}",
        "{\"on\": true, \"variations\": [1, 2], \"prerequisites\": [{\"key\": \"b\"}]}",
        "{\"on\": true, \"variations\": [1], \"fallthrough\": {\"rollout\": {\"variations\": []}}}",
        "{\"on\": true, \"variations\": [1], \"rules\": [{\"clauses\": [{\"op\": \"segmentMatch\"}]}]}"
      })
  void areNotKnownWhereTheDefinitionAloneDoesNotSay(String definition) {
    assertTrue(FlagRules.of("planner", definition).isEmpty());
  }
}
