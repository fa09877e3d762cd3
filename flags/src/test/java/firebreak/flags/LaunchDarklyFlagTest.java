package firebreak.flags;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class LaunchDarklyFlagTest {
  private static final LaunchDarklyFlag BUTTON =
      LaunchDarklyFlag.of(
              FlagJson.object(
                  """
                  {"key": "button", "variations": [{"_id": "a", "value": "blue"}],
                   "environments": {"a/b": {"version": 3, "on": true, "targets": [],
                     "rules": [{"_id": "r1", "variation": 0}, {"_id": "r2", "variation": 0}]}}}"""),
              "a/b")
          .orElseThrow();

  @Test
  void aRuleIsPutInFrontAndTheOthersAreNotWrittenAgain() {
    ObjectNode after = BUTTON.definition().deepCopy();
    after.withArrayProperty("rules").insertObject(0).put("id", "ours").put("variation", 0);
    assertEquals(
        """
        [{"op":"test","path":"/environments/a~1b/version","value":3},\
        {"op":"add","path":"/environments/a~1b/rules/0","value":{"variation":0}}]""",
        BUTTON.patchTo(after, "a/b", 3).toString());
  }

  @Test
  void aRuleIsTakenOutAlone() {
    ObjectNode after = BUTTON.definition().deepCopy();
    after.withArrayProperty("rules").remove(1);
    assertEquals(
        """
        [{"op":"test","path":"/environments/a~1b/version","value":3},\
        {"op":"remove","path":"/environments/a~1b/rules/1"}]""",
        BUTTON.patchTo(after, "a/b", 3).toString());
  }

  @Test
  void whatTheFlagLacksIsAddedAndWhatItHasIsReplaced() {
    ObjectNode after = BUTTON.definition().deepCopy().put("on", false);
    after.withArrayProperty("contextTargets").addObject().put("variation", 0);
    assertEquals(
        """
        [{"op":"test","path":"/environments/a~1b/version","value":3},\
        {"op":"replace","path":"/environments/a~1b/on","value":false},\
        {"op":"add","path":"/environments/a~1b/contextTargets","value":[{"variation":0}]}]""",
        BUTTON.patchTo(after, "a/b", 3).toString());
  }

  @Test
  void aFlagWithoutTheEnvironmentIsNone() {
    assertTrue(LaunchDarklyFlag.of(BUTTON.flag(), "elsewhere").isEmpty());
  }
}
