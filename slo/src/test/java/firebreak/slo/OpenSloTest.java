package firebreak.slo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenSloTest {
  private static final String CHECKOUT =
      """
      apiVersion: openslo/v1
      kind: SLO
      metadata: {name: checkout-fast, displayName: Checkout answers at once}
      spec:
        service: checkout
        indicator:
          metadata: {name: checkout-fast}
          spec:
            ratioMetric:
              good:
                metricSource:
                  type: firebreak
                  spec:
                    dataset: checkout
                    filters:
                      - {column: name, op: "=", value: pay}
                      - {column: duration_ms, op: "<", value: 300}
              total:
                metricSource:
                  type: firebreak
                  spec:
                    dataset: checkout
                    filters: [{column: name, op: "=", value: pay}]
        timeWindow: [{duration: 30d, isRolling: true}]
        budgetingMethod: Occurrences
        objectives: [{target: 0.999}]
      """;

  private static Event event(Object... fields) {
    Map<String, Value> values = new java.util.HashMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      values.put((String) fields[i], Conditions.value(fields[i + 1]));
    }
    return new Event(Instant.EPOCH, 1, values);
  }

  private static Objective only(String yaml) {
    OpenSlo.Reading reading = OpenSlo.parse("slo.yaml", yaml);
    assertEquals(List.of(), reading.problems());
    assertEquals(1, reading.objectives().size());
    return reading.objectives().getFirst();
  }

  private static String problem(String yaml) {
    OpenSlo.Reading reading = OpenSlo.parse("slo.yaml", yaml);
    assertEquals(1, reading.problems().size(), reading.toString());
    assertEquals(List.of(), reading.objectives());
    return reading.problems().getFirst().toString();
  }

  private static String problem(String old, String replacement) {
    assertTrue(CHECKOUT.contains(old), old);
    return problem(CHECKOUT.replace(old, replacement));
  }

  @Test
  void readsARatioOfGoodToTotal() {
    Objective objective = only(CHECKOUT);
    assertEquals("checkout-fast", objective.id());
    assertEquals("Checkout answers at once", objective.name());
    assertEquals("checkout", objective.service());
    assertEquals(List.of("checkout"), objective.datasets());
    assertEquals(0.999, objective.target());
    assertEquals(Duration.ofDays(30), objective.window());
    assertFalse(objective.isBad(event("name", "pay", "duration_ms", 299.5)));
    assertTrue(objective.isBad(event("name", "pay", "duration_ms", 300)));
    assertTrue(objective.isBad(event("name", "pay")));
    assertFalse(objective.isEligible(event("name", "list", "duration_ms", 1)));
  }

  @Test
  void readsARatioOfBadToTotal() {
    String yaml =
        CHECKOUT
            .replace("good:", "bad:")
            .replace("op: \"<\", value: 300", "op: \">=\", value: 300")
            .replace("[{target: 0.999}]", "[{targetPercent: 99.9}]");
    Objective objective = only(yaml);
    assertEquals(0.999, objective.target());
    assertTrue(objective.isBad(event("name", "pay", "duration_ms", 300)));
    assertFalse(objective.isBad(event("name", "pay", "duration_ms", 299)));
    assertFalse(objective.isBad(event("name", "pay")));
  }

  @Test
  void readsAThresholdAndItsSeveralObjectives() {
    String yaml =
        """
        apiVersion: openslo/v1
        kind: SLI
        metadata: {name: latency}
        spec:
          thresholdMetric:
            metricSource:
              type: firebreak
              spec:
                datasets: [web, api]
                column: duration_ms
                filters: [{column: kind, op: exists}, {column: kind, op: "!=", value: probe}]
        ---
        apiVersion: openslo/v1
        kind: SLO
        metadata: {name: latency}
        spec:
          indicatorRef: latency
          timeWindow:
            - duration: 4w
              isRolling: true
          budgetingMethod: Occurrences
          objectives:
            - {displayName: Half a second, op: lte, value: 500, target: 0.99}
            - {displayName: Five seconds, op: lt, value: 5000, target: 0.9999}
        """;
    OpenSlo.Reading reading = OpenSlo.parse("latency.yaml", yaml);
    assertEquals(List.of(), reading.problems());
    assertEquals(
        List.of("latency", "latency-2"), reading.objectives().stream().map(Objective::id).toList());
    Objective half = reading.objectives().get(0);
    assertEquals("Half a second", half.name());
    assertEquals(List.of("web", "api"), half.datasets());
    assertEquals(Duration.ofDays(28), half.window());
    assertFalse(half.isBad(event("kind", "page", "duration_ms", 500)));
    assertTrue(half.isBad(event("kind", "page", "duration_ms", 501)));
    assertFalse(half.isEligible(event("kind", "page")));
    assertFalse(half.isEligible(event("kind", "probe", "duration_ms", 501)));
    assertFalse(reading.objectives().get(1).isBad(event("kind", "page", "duration_ms", 4999)));
  }

  @Test
  void combinesFiltersByOr() {
    String combined =
        CHECKOUT.replace(
            "filters: [{column: name, op: \"=\", value: pay}]",
            "filter_combination: OR\n"
                + "              filters: [{column: name, op: in, value: [pay, refund]},"
                + " {column: status, op: \">=\", value: 500}]");
    Objective objective = only(combined);
    assertTrue(objective.isEligible(event("name", "refund")));
    assertTrue(objective.isEligible(event("status", 503)));
    assertFalse(objective.isEligible(event("name", "list", "status", 200)));
  }

  @Test
  void readsManyDocumentsOfOneFileAndPassesOverOtherKinds() {
    String alerts = "apiVersion: openslo/v1\nkind: AlertPolicy\nmetadata: {name: a}\nspec: {}\n";
    String second = CHECKOUT.replace("name: checkout-fast", "name: second");
    String yaml = alerts + "---\n" + CHECKOUT + "---\n---\n" + second;
    OpenSlo.Reading reading = OpenSlo.parse("many.yaml", yaml);
    assertEquals(List.of(), reading.problems());
    assertEquals(2, reading.objectives().size());
    String list = "- " + CHECKOUT.strip().replace("\n", "\n  ") + "\n";
    assertEquals(1, OpenSlo.parse("list.yaml", list).objectives().size());
  }

  @Test
  void readsAFolderAndNamesTheFileOfAProblem(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("a.yaml"), CHECKOUT);
    Files.writeString(folder.resolve("notes.txt"), "not YAML: [");
    Path below = Files.createDirectory(folder.resolve("team"));
    Files.writeString(below.resolve("b.yml"), CHECKOUT.replace("30d", "30x"));
    Files.writeString(below.resolve("c.yml"), "kind: [");
    OpenSlo.Reading reading = OpenSlo.read(folder);
    assertEquals(1, reading.objectives().size());
    List<String> files = reading.problems().stream().map(OpenSlo.Problem::file).sorted().toList();
    assertEquals(List.of("team/b.yml", "team/c.yml"), files);
    assertEquals(1, OpenSlo.read(folder.resolve("a.yaml")).objectives().size());
  }

  @Test
  void namesTheLineOfAnUnknownKeyAndTheNearestKnownOne() {
    assertEquals(
        "slo.yaml:25: unknown key \"budgetMethod\" in document.spec, did you mean"
            + " \"budgetingMethod\"?",
        problem("budgetingMethod:", "budgetMethod:"));
    assertTrue(
        problem("dataset: checkout\n              filters:", "data_set: x\n              filters:")
            .contains("did you mean \"dataset\"?"));
    assertTrue(problem("kind: SLO", "kind: SLOO").contains("did you mean \"SLO\"?"));
    assertTrue(problem("op: \"<\"", "op: \"=<\"").startsWith("slo.yaml:17: "));
  }

  @Test
  void saysClearlyWhatIsNotSupported() {
    assertTrue(problem("type: firebreak", "type: Prometheus").contains("is firebreak"));
    assertTrue(problem("openslo/v1", "openslo/v2alpha").contains("is openslo/v1"));
    assertTrue(problem("30d", "1M").contains("say it in days"));
    assertTrue(problem("isRolling: true", "isRolling: false").contains("startTime and timeZone"));
    assertTrue(problem("Occurrences", "Timeslice").contains("is Occurrences, Timeslices or"));
    assertTrue(problem("{target:", "{compositeWeight: 1, target:").contains("composite"));
    assertTrue(problem("column: duration_ms", "column: root.ms").contains("of another span"));
  }

  @Test
  void saysWhatWouldBeRight() {
    assertTrue(problem("target: 0.999", "target: 99.9").contains("targetPercent: 99.9"));
    assertTrue(problem("target: 0.999", "target: 1").contains("between 0 and 1"));
    assertTrue(problem("target: 0.999", "targetPercent: 0").contains("between 0 and 100"));
    assertTrue(problem("target: 0.999", "displayName: x").contains("one of them is needed"));
    assertTrue(problem("target: 0.999", "target: most").contains("is a number"));
    assertTrue(problem("[{target: 0.999}]", "[]").contains("at least one objective"));
    assertTrue(problem("30d", "thirty days").contains("like 30d"));
    assertTrue(problem("30d", "1000d").contains("at most 120d"));
    assertTrue(problem("good:", "goood:").contains("did you mean \"good\"?"));
    assertTrue(
        problem("metadata: {name: checkout-fast, displayName", "metadata: {displayName")
            .contains("metadata.name is missing"));
  }

  @Test
  void aSecondSloOfTheSameNameIsAProblem() {
    OpenSlo.Reading reading = OpenSlo.parse("two.yaml", CHECKOUT + "---\n" + CHECKOUT);
    assertEquals(1, reading.objectives().size());
    assertTrue(reading.problems().getFirst().toString().startsWith("two.yaml:30: "));
  }

  @Test
  void textThatIsNoYamlIsAProblem() {
    assertTrue(problem("a: [1, 2\nb: {").startsWith("slo.yaml:"));
    assertTrue(problem("[".repeat(200)).contains("nested deeper"));
    assertTrue(problem("a: 1\na: 2\n").contains("\"a\""));
    assertEquals(List.of(), OpenSlo.parse("empty.yaml", "# nothing\n").problems());
  }
}
