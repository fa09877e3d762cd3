package firebreak.slo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Filter;
import firebreak.eventstore.Relation;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OpenSloTextTest {
  private static final String[] TEXTS = {
    "query", "200", "true", "null", "", " a: b ", "\"quoted\"", "é…", "a\nb", "#no", "- x", "~"
  };

  @Test
  void whatIsWrittenIsReadAsTheSameObjective() {
    for (long seed = 1; seed <= 2_000; seed++) {
      Objective written = objective(new Random(seed));
      String yaml = OpenSloText.of(written);
      OpenSlo.Reading reading = OpenSlo.parse("slo.yaml", yaml);
      String told = "seed " + seed + "\n" + yaml;
      assertEquals(List.of(), reading.problems(), told);
      assertEquals(canonical(written), canonical(reading.objectives().getFirst()), told);
    }
  }

  private static Objective canonical(Objective objective) {
    return new Objective(
        objective.id(),
        objective.name(),
        objective.service(),
        objective.datasets(),
        Filter.canonical(objective.eligible()),
        Filter.canonical(objective.good()),
        objective.target(),
        objective.window(),
        objective.budgeting(),
        objective.calendar(),
        objective.derived(),
        objective.budgetRules());
  }

  private static Objective objective(Random random) {
    Objective plain =
        new Objective(
            "slo-" + random.nextInt(100),
            "name " + TEXTS[random.nextInt(TEXTS.length)],
            "service",
            random.nextBoolean() ? List.of("web") : List.of("web", "api: 2"),
            filter(random, 3),
            filter(random, 3),
            random.nextInt(1, 1_000_000) / 1e6,
            Duration.ofMinutes(60L + random.nextInt(40_000)));
    Objective budgeted =
        plain.budgetedBy(
            switch (random.nextInt(3)) {
              case 0 -> new Budgeting.Occurrences();
              case 1 ->
                  new Budgeting.Timeslices(
                      Duration.ofMinutes(1 + random.nextInt(60)),
                      random.nextInt(0, 1_000) / 1e3,
                      random.nextBoolean());
              default -> new Budgeting.RatioTimeslices(Duration.ofMinutes(1 + random.nextInt(60)));
            });
    if (random.nextBoolean()) {
      budgeted = budgeted.deriving(Map.of("sli", "IF($ms > 5, `a \"b\"`, true)"));
    }
    return random.nextBoolean() ? budgeted : aligned(budgeted, random);
  }

  private static Objective aligned(Objective objective, Random random) {
    Calendar calendar =
        new Calendar(
            LocalDateTime.of(2026, 1 + random.nextInt(12), 1, random.nextInt(24), 0),
            ZoneId.of("America/New_York"),
            1 + random.nextInt(3),
            random.nextBoolean() ? ChronoUnit.MONTHS : ChronoUnit.WEEKS);
    int days = calendar.unit() == ChronoUnit.WEEKS ? 7 : 30;
    return new Objective(
        objective.id(),
        objective.name(),
        objective.service(),
        objective.datasets(),
        objective.eligible(),
        objective.good(),
        objective.target(),
        Duration.ofDays((long) days * calendar.number()),
        objective.budgeting(),
        calendar,
        objective.derived(),
        List.of());
  }

  private static Filter filter(Random random, int depth) {
    String field = random.nextBoolean() ? "name" : "sli";
    int kinds = depth == 0 ? 4 : 7;
    return switch (random.nextInt(kinds)) {
      case 0 -> new Filter.Exists(field);
      case 1 -> new Filter.In(field, values(random));
      case 2 ->
          new Filter.Compare(
              field,
              random.nextBoolean() ? Relation.LESS : Relation.GREATER_OR_EQUAL,
              random.nextBoolean()
                  ? Value.of(random.nextInt())
                  : Value.number(random.nextDouble()));
      case 3 ->
          new Filter.Matches(
              field,
              random.nextBoolean() ? Filter.Match.CONTAINS : Filter.Match.ENDS_WITH,
              TEXTS[random.nextInt(TEXTS.length)]);
      case 4 -> Filter.not(filter(random, depth - 1));
      case 5 -> new Filter.And(filters(random, depth - 1));
      default -> new Filter.Or(filters(random, depth - 1));
    };
  }

  private static List<Filter> filters(Random random, int depth) {
    List<Filter> filters = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      filters.add(filter(random, depth));
    }
    return filters;
  }

  private static Set<Value> values(Random random) {
    Set<Value> values = new HashSet<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      values.add(
          switch (random.nextInt(4)) {
            case 0 -> Value.of(random.nextBoolean());
            case 1 -> Value.of(random.nextInt(10));
            case 2 -> Value.number(random.nextGaussian());
            default -> Value.of(TEXTS[random.nextInt(TEXTS.length)]);
          });
    }
    return values;
  }

  @Test
  void whatOpenSloCannotSayIsRefused() {
    Objective corrected =
        Traffic.OBJECTIVE.without(
            List.of(new TimeRange(Instant.EPOCH, Instant.EPOCH.plusSeconds(60))));
    String why =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> OpenSloText.of(corrected))
                .getMessage());
    assertTrue(why.contains("when an event happened"), why);
  }
}
