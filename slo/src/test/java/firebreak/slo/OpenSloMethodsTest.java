package firebreak.slo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Budgeting methods, windows and kinds of OpenSLO: read, or refused with a sentence. */
class OpenSloMethodsTest {
  private static final String TEMPLATE =
      """
      apiVersion: openslo/v1
      kind: SLO
      metadata: {name: main-page, displayName: Main page availability}
      spec:
        description: Our main page should be available always
        service: web-shop
        indicator:
          metadata: {name: response-code}
          spec:
            INDICATOR
        timeWindow: [WINDOW]
        budgetingMethod: METHOD
        objectives:
          - OBJECTIVE
        alertPolicies:
      """;

  private static final String RATIO =
      "ratioMetric: {good: {metricSource: {type: Firebreak, spec: {filters: [{column: status, op:"
          + " \"<\", value: 500}]}}}, total: {metricSource: {type: Firebreak, spec: {dataset:"
          + " web}}}}";
  private static final String THRESHOLD =
      "thresholdMetric: {metricSource: {type: Firebreak, spec: {dataset: web, column: ms}}}";
  private static final String ROLLING = "{duration: 2w, isRolling: true}";
  private static final String WEEKLY =
      "{duration: 1w, isRolling: false, calendar: {startTime: 2022-01-01 12:00:00, timeZone:"
          + " America/New_York}}";

  private static OpenSlo.Reading read(
      String indicator, String window, String method, String objective) {
    return OpenSlo.parse(
        "slo.yaml",
        TEMPLATE
            .replace("INDICATOR", indicator)
            .replace("WINDOW", window)
            .replace("METHOD", method)
            .replace("OBJECTIVE", objective));
  }

  private static Objective only(OpenSlo.Reading reading) {
    assertEquals(List.of(), reading.problems());
    return reading.objectives().getFirst();
  }

  @Test
  void timeslicesHaveATargetAndAWindowOfTheirOwn() {
    String objective =
        "{displayName: Objective, op: gt, target: 0.9995, timeSliceTarget: 0.95,"
            + " timeSliceWindow: 1m}";
    Objective objectives = only(read(RATIO, WEEKLY, "Timeslices", objective));
    assertEquals(
        new Budgeting.Timeslices(Duration.ofMinutes(1), 0.95, true), objectives.budgeting());
    assertEquals(
        new Calendar(
            LocalDateTime.parse("2022-01-01T12:00"),
            ZoneId.of("America/New_York"),
            1,
            ChronoUnit.WEEKS),
        objectives.calendar());
    assertEquals(Duration.ofDays(7), objectives.window());
  }

  @Test
  void ratioTimeslicesHaveAWindowOfTheirOwn() {
    Objective objective =
        only(read(RATIO, ROLLING, "RatioTimeslices", "{op: gt, timeSliceWindow: 5, target: 0.99}"));
    assertEquals(new Budgeting.RatioTimeslices(Duration.ofMinutes(5)), objective.budgeting());
    assertEquals(Duration.ofDays(14), objective.window());
  }

  @Test
  void aThresholdCanBeHeldInSlices() {
    Objective objective =
        only(
            read(
                THRESHOLD,
                ROLLING,
                "Timeslices",
                "{op: lt, value: 500, target: 0.99, timeSliceTarget: 0.9, timeSliceWindow: 10m}"));
    assertEquals(
        new Budgeting.Timeslices(Duration.ofMinutes(10), 0.9, false), objective.budgeting());
  }

  @Test
  void aMonthOfTheCalendarBeginsWhereItBegins() {
    Objective objective =
        only(
            read(
                RATIO,
                "{duration: 1M, calendar: {startTime: 2026-01-31 00:00:00, timeZone: Europe/Paris}}",
                "Occurrences",
                "{target: 0.99}"));
    assertEquals(
        Instant.parse("2026-02-27T23:00:00Z"),
        objective.windowAt(Instant.parse("2026-03-01T00:00:00Z")).start());
    assertEquals(
        Instant.parse("2026-03-30T22:00:00Z"),
        objective.windowAt(Instant.parse("2026-04-01T00:00:00Z")).start());
    assertEquals(
        Instant.parse("2025-12-30T23:00:00Z"),
        objective.windowAt(Instant.parse("2025-12-31T00:00:00Z")).start());
  }

  @Test
  void aDayOfTheCalendarFollowsTheClocksOfItsZone() {
    Objective objective =
        only(
            read(
                RATIO,
                "{duration: 1d, calendar: {startTime: 2026-03-01 00:00:00, timeZone: Europe/Paris}}",
                "Occurrences",
                "{target: 0.99}"));
    // Clocks go forward on March 29th: this day has 23 hours.
    Instant start = Instant.parse("2026-03-28T23:00:00Z");
    assertEquals(start, objective.windowAt(start).start());
    assertEquals(start, objective.windowAt(Instant.parse("2026-03-29T21:59:59Z")).start());
    assertEquals(
        Instant.parse("2026-03-29T22:00:00Z"),
        objective.windowAt(Instant.parse("2026-03-29T22:00:00Z")).start());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Timeslices | {target: 0.9, timeSliceWindow: 1m} | timeSliceTarget is missing",
        "Timeslices | {target: 0.9, timeSliceTarget: 0.9} | timeSliceWindow is missing",
        "Timeslices | {target: 0.9, timeSliceTarget: 9, timeSliceWindow: 1m} | between 0 and 1",
        "Timeslices | {op: lt, target: 0.9, timeSliceTarget: 0.9, timeSliceWindow: 1m} | gt or gte",
        "Timeslices | {target: 0.9, timeSliceTarget: 0.9, timeSliceWindow: 2d} | at most a day",
        "RatioTimeslices | {target: 0.9, timeSliceTarget: 0.9, timeSliceWindow: 1m} | means nothing",
        "RatioTimeslices | {target: 0.9, timeSliceWindow: 1x} | is in m, h, d, w, M, Q or Y",
        "Occurrences | {target: 0.9, timeSliceWindow: 1m} | means nothing to budgetingMethod Occ",
      })
  void whatDoesNotGoTogetherIsRefused(String method, String objective, String why) {
    OpenSlo.Reading reading = read(RATIO, ROLLING, method, objective);
    assertEquals(1, reading.problems().size(), reading.toString());
    String problem = reading.problems().getFirst().toString();
    assertTrue(problem.contains(why), problem);
    assertTrue(problem.matches("slo.yaml:\\d+: .*"), problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{duration: 1w, isRolling: false} | there is a calendar",
        "{duration: 1w} | there is a calendar",
        "{duration: 1M, isRolling: true} | no fixed length",
        "{duration: 1Y, calendar: {startTime: 2022-01-01 12:00:00, timeZone: UTC}} | at most 120d",
        "{duration: 1w, calendar: {startTime: 2022-13-01 12:00:00, timeZone: UTC}} | is like 2022",
        "{duration: 1w, calendar: {startTime: 2022-01-01 12:00:00, timeZone: Mars}} | is like Amer",
        "{duration: 1w, calendar: {startTime: 2022-01-01 12:00:00}} | timeZone is missing",
        "{duration: 1w, isRolling: true, calendar: {startTime: x, timeZone: UTC}} | one of them",
      })
  void aWindowThatIsNoneIsRefused(String window, String why) {
    OpenSlo.Reading reading = read(RATIO, window, "Occurrences", "{target: 0.9}");
    assertEquals(1, reading.problems().size(), reading.toString());
    assertTrue(reading.problems().getFirst().message().contains(why), reading.toString());
  }

  /** Indicators of other systems, as OpenSLO's own examples have them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "thresholdMetric: {metricSource: {type: Any, spec: {query: Any}}} | type is firebreak",
        "thresholdMetric: {metricSource: {metricSourceRef: my-prometheus, type: Prometheus, spec:"
            + " {query: sum(x)}}} | type is firebreak",
        "ratioMetric: {counter: true, good: {metricSource: {type: Prometheus, spec: {query: x}}},"
            + " total: {metricSource: {type: Prometheus, spec: {query: x}}}} | type is firebreak",
        "ratioMetric: {rawType: success, raw: {metricSource: {type: Prometheus, spec: {query:"
            + " x}}}} | use good and total",
        "ratioMetric: {counter: false, bad: {metricSource: {metricSourceRef: a, type: AppDynamics,"
            + " spec: {applicationName: a}}}, total: {metricSource: {type: AppDynamics, spec: {}}}}"
            + " | type is firebreak",
      })
  void anIndicatorOfAnotherSystemIsRefused(String indicator, String why) {
    OpenSlo.Reading reading =
        read(indicator, ROLLING, "Occurrences", "{op: lt, value: 500, target: 0.99}");
    assertEquals(1, reading.problems().size(), reading.toString());
    assertTrue(reading.problems().getFirst().message().contains(why), reading.toString());
  }

  /** Documents that are no objectives, as OpenSLO's own examples have them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "AlertCondition | {severity: page, condition: {kind: burnrate, op: lte, threshold: 2}}",
        "AlertNotificationTarget | {description: On call, target: pagerduty}",
        "AlertPolicy | {alertWhenBreaching: true, conditions: [{conditionRef: cpu}]}",
        "DataSource | {type: Prometheus, connectionDetails: [{url: http://example.com}]}",
        "Service | {description: Example service description}",
        "SLI | {ratioMetric: {rawType: success, raw: {metricSource: {type: Prometheus}}}}",
      })
  void documentsOfOtherKindsAreNoObjectives(String kind, String spec) {
    OpenSlo.Reading reading =
        OpenSlo.parse(
            "other.yaml",
            """
            - apiVersion: openslo/v1
              kind: %s
              metadata: {name: a, labels: {env: [prod, dev]}}
              spec: %s
            """
                .formatted(kind, spec));
    assertEquals(List.of(), reading.problems());
    assertEquals(List.of(), reading.objectives());
  }
}
