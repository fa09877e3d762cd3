package firebreak.flags;

import static firebreak.flags.FlagFixtures.applied;
import static firebreak.flags.FlagFixtures.customers;
import static firebreak.flags.FlagFixtures.withdrawal;
import static firebreak.flags.FlagFixtures.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.flags.Restoration.Portion;
import firebreak.flags.Targeting.Edit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way back in steps: what LaunchDarkly's own SDK serves at each of them. */
class RampTest {
  private static final List<Integer> STEPS = List.of(1, 5, 25, 100);
  private static final int CUSTOMERS = 4_000;
  private static final int FLAGS = 40;

  @TempDir Path folder;

  private static Withdrawal everyone(String fence) {
    return withdrawal("f", new Audience.Everyone(), "on", "off", fence);
  }

  private static Restoration step(
      Withdrawal withdrawal, String before, String fence, Portion portion) {
    return new Restoration(
        "step" + portion, withdrawal, before, fence, portion, "asked by ann; evidence/1");
  }

  private static Portion share(int percent) {
    return new Portion.Share(percent, "customer");
  }

  private static ObjectNode edited(Edit edit) {
    return assertInstanceOf(Edit.Edited.class, edit).after();
  }

  private static Set<String> served(ObjectNode flag, String kind) {
    Set<String> served = new HashSet<>();
    try (FlagRules rules = FlagRules.of("f", flag.toString()).orElseThrow()) {
      for (int i = 0; i < CUSTOMERS; i++) {
        String plan = i % 2 == 0 ? "beta" : "base";
        if (rules.serve(Map.of(kind, "c" + i), Map.of("plan", plan)).variation().equals("on")) {
          served.add("c" + i);
        }
      }
    }
    return served;
  }

  /** A flag that serves "on" in one or more of the ways that a flag can. */
  private static String flag(SplittableRandom random) {
    String targets =
        random.nextBoolean()
            ? ""
            : "{\"contextKind\": \"customer\", \"variation\": %d, \"values\": [\"c1\", \"c2\"]}"
                .formatted(random.nextInt(2));
    String rules =
        random.nextBoolean()
            ? ""
            : """
              {"id": "r", %s, "clauses": [{"contextKind": "customer", "attribute": "plan",
               "op": "in", "values": ["beta"], "negate": false}]}"""
                .formatted(served(random));
    return """
        {"key": "f", "version": 7, "on": true, "variations": ["on", "off"], "offVariation": 1,
         "salt": "s%d", "targets": [], "contextTargets": [%s], "rules": [%s],
         "prerequisites": [], "fallthrough": {%s}}"""
        .formatted(random.nextInt(1_000), targets, rules, served(random));
  }

  private static String served(SplittableRandom random) {
    int on = random.nextInt(100_001);
    return switch (random.nextInt(3)) {
      case 0 -> "\"variation\": 0";
      case 1 -> "\"variation\": 1";
      default ->
          """
          "rollout": {"contextKind": "customer", "variations": [
            {"variation": 0, "weight": %d}, {"variation": 1, "weight": %d}]}"""
              .formatted(on, 100_000 - on);
    };
  }

  @Test
  void eachStepGivesItsShareToWhomTheStepBeforeGaveItAndMoreAndTheLastAll() {
    SplittableRandom random = new SplittableRandom(20_261_127);
    for (int i = 0; i < FLAGS; i++) {
      ObjectNode before = FlagJson.object(flag(random));
      Withdrawal withdrawal = everyone("7");
      ObjectNode now = edited(Targeting.withdraw(before, withdrawal));
      int all = served(before, "customer").size();
      Set<String> last = Set.of();
      for (int percent : STEPS) {
        now = edited(Ramp.step(now, step(withdrawal, before.toString(), "8", share(percent))));
        Set<String> served = served(now, "customer");
        double wanted = all * percent / 100.0;
        String what = percent + " % of " + all + ": " + served.size() + " of " + before;
        assertTrue(Math.abs(served.size() - wanted) <= 5 + 5 * Math.sqrt(wanted), what);
        assertTrue(percent == 100 || served.containsAll(last), what);
        last = served;
      }
      assertEquals(before, now, "and is as it was");
    }
  }

  @Test
  void whoIsNoContextOfTheKindHasItLast() {
    ObjectNode before =
        FlagJson.object(
            """
            {"key": "f", "version": 7, "on": true, "variations": ["on", "off"], "offVariation": 1,
             "salt": "s", "targets": [], "contextTargets": [], "rules": [], "prerequisites": [],
             "fallthrough": {"variation": 0}}""");
    ObjectNode off = edited(Targeting.withdraw(before, everyone("7")));
    ObjectNode one = edited(Ramp.step(off, step(everyone("7"), before.toString(), "8", share(1))));
    assertEquals(0, served(one, "device").size());
  }

  @Test
  void whatAShareWouldUpsetIsRefusedWithAReason() {
    String three =
        """
        {"key": "f", "version": 7, "on": true, "variations": ["on", "off", "blue"],
         "offVariation": 1, "salt": "s", "rules": [], "fallthrough": {"rollout": {"variations": [
           {"variation": 0, "weight": 50000}, {"variation": 2, "weight": 50000}]}}}""";
    for (String before :
        List.of(
            three, three.replace("\"rollout\": {", "\"rollout\": {\"kind\": \"experiment\","))) {
      ObjectNode off = edited(Targeting.withdraw(FlagJson.object(before), everyone("7")));
      var no =
          assertInstanceOf(
              Edit.Impossible.class, Ramp.step(off, step(everyone("7"), before, "8", share(5))));
      assertTrue(no.why().contains("share"), no.why());
      assertEquals(
          FlagJson.object(before),
          edited(Ramp.step(off, step(everyone("7"), before, "8", share(100)))));
    }
  }

  @Test
  void launchDarklyIsWrittenOncePerStepUnderItsVersionAndSaysWhoseItIs() {
    try (FakeLaunchDarkly fake = FakeLaunchDarkly.start();
        LaunchDarkly flags = Flags.launchDarkly(fake.access(Duration.ofSeconds(5)))) {
      fake.addFlag(FlagFixtures.SHORT_CACHE);
      Withdrawal off = withdrawal("short-cache", new Audience.Everyone(), "true", "false", "7");
      var done = applied(flags.apply(off));
      String fence = done.fence();
      for (int percent : STEPS) {
        Restoration step = step(off, done.before(), fence, share(percent));
        assertInstanceOf(Outcome.WouldApply.class, flags.dryRun(step));
        assertEquals(fence, fake.targeting("short-cache").path("version").asText());
        assertInstanceOf(FlagSwitch.Landing.Absent.class, flags.landed(step));
        fence = applied(flags.restore(step)).fence();
        assertInstanceOf(FlagSwitch.Landing.Landed.class, flags.landed(step));
        assertInstanceOf(Outcome.Superseded.class, flags.restore(step), "not twice");
      }
      assertEquals(
          "{\"variation\":0}", fake.targeting("short-cache").path("fallthrough").toString());
      assertEquals(5, fake.comments().size());
      fake.change("short-cache", "on", "false");
      assertInstanceOf(
          Outcome.Superseded.class,
          flags.restore(step(off, done.before(), fence, share(100))),
          "people win");
    }
  }

  @Test
  void aFewContextsAreGivenBackOneByOneOrAllAtOnce() {
    FlagSwitch flags = Flags.file(FlagFixtures.flagFile(folder));
    String start = flags.read("short-cache").orElseThrow().definition();
    Withdrawal off =
        withdrawal(
            "short-cache",
            customers("retail", "acme"),
            "true",
            "false",
            FlagFixtures.fence(flags, "short-cache"));
    var done = applied(flags.apply(off));
    Portion retail = new Portion.Contexts(List.of("retail"));
    var first = applied(flags.restore(step(off, done.before(), done.fence(), retail)));
    assertTrue(first.after().contains("acme") && !first.after().contains("retail"));
    assertInstanceOf(
        Outcome.Refused.class, flags.restore(step(off, done.before(), first.fence(), retail)));
    assertInstanceOf(
        Outcome.Refused.class, flags.restore(step(off, done.before(), first.fence(), share(5))));
    var last =
        applied(
            flags.restore(
                step(off, done.before(), first.fence(), new Portion.Contexts(List.of("acme")))));
    assertTrue(!last.after().contains("acme"), last.after());

    Withdrawal again =
        withdrawal("short-cache", customers("retail", "acme"), "true", "false", last.fence());
    var both = applied(flags.apply(again));
    Portion all = new Portion.Contexts(List.of("acme", "retail"));
    var back = applied(flags.restore(step(again, both.before(), both.fence(), all)));
    assertEquals(
        FlagJson.object(start).path("fallthrough"),
        FlagJson.object(back.after()).path("fallthrough"));
    assertTrue(!back.after().contains("retail"), back.after());
  }

  @Test
  void flagdDealsOutAShareOfAFlagWithoutTargeting() {
    Path path =
        write(
            folder.resolve("flagd.json"),
            """
            {"flags": {
              "plain": {"state": "ENABLED", "variants": {"on": true, "off": false},
                "defaultVariant": "on"},
              "ruled": {"state": "ENABLED", "variants": {"on": true, "off": false},
                "defaultVariant": "off", "targeting": {"if": [{"var": "beta"}, "on"]}}}}""");
    FlagSwitch flags = Flags.flagd(path, Map.of("customer", "customerId"));
    List<String> shares = new ArrayList<>();
    Withdrawal off =
        withdrawal(
            "plain", new Audience.Everyone(), "on", "off", FlagFixtures.fence(flags, "plain"));
    var done = applied(flags.apply(off));
    String fence = done.fence();
    for (int percent : STEPS) {
      var next = applied(flags.restore(step(off, done.before(), fence, share(percent))));
      shares.add(FlagJson.object(next.after()).path("targeting").toString());
      fence = next.fence();
    }
    assertEquals(
        "{\"if\":[{\"var\":\"customerId\"},{\"fractional\":[{\"cat\":[{\"var\":\"$flagd.flagKey\"},"
            + "{\"var\":\"customerId\"}]},[\"off\",99],[\"on\",1]]}]}",
        shares.getFirst());
    assertEquals(
        FlagJson.object(done.before()),
        FlagJson.object(flags.read("plain").orElseThrow().definition()));

    Withdrawal ruled =
        withdrawal(
            "ruled", new Audience.Everyone(), "on", "off", FlagFixtures.fence(flags, "ruled"));
    var was = applied(flags.apply(ruled));
    assertInstanceOf(
        Outcome.Refused.class, flags.restore(step(ruled, was.before(), was.fence(), share(1))));
  }
}
