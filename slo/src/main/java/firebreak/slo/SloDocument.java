package firebreak.slo;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns one OpenSLO document of kind SLO into objectives, one for each that it lists. */
final class SloDocument {
  static final Set<String> METADATA = Set.of("name", "displayName", "labels", "annotations");
  private static final Set<String> SPEC =
      Set.of(
          "description",
          "service",
          "indicator",
          "indicatorRef",
          "timeWindow",
          "budgetingMethod",
          "objectives",
          "alertPolicies");
  private static final Set<String> INDICATOR = Set.of("metadata", "spec");
  private static final Set<String> INDICATOR_SPEC =
      Set.of("description", "ratioMetric", "thresholdMetric");
  private static final Set<String> TIME_WINDOW = Set.of("duration", "isRolling", "calendar");
  private static final Set<String> OBJECTIVE =
      Set.of(
          "displayName",
          "op",
          "value",
          "target",
          "targetPercent",
          "timeSliceTarget",
          "timeSliceWindow",
          "compositeWeight",
          "indicator",
          "indicatorRef");
  private static final Set<String> CALENDAR = Set.of("startTime", "timeZone");
  private static final Duration MONTH = Duration.ofDays(30);
  private static final Duration QUARTER = Duration.ofDays(91);
  private static final Duration YEAR = Duration.ofDays(365);
  private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,5})([a-zA-Z])");

  private final Section metadata;
  private final Section spec;
  private final Section indicator;

  private SloDocument(Section document, Map<String, Section> indicators) {
    this.metadata = document.section("metadata", METADATA);
    this.spec = document.section("spec", SPEC);
    this.indicator = indicator(indicators);
  }

  /**
   * A time as OpenSLO writes it: a number of minutes, hours, days, weeks, months, quarters, years.
   */
  private record Length(int number, ChronoUnit unit, Duration about) {}

  /**
   * @param indicators documents of kind SLI by name
   */
  static List<Objective> objectives(Section document, Map<String, Section> indicators) {
    return new SloDocument(document, indicators).objectives();
  }

  private List<Objective> objectives() {
    String id = metadata.text("name");
    String name = metadata.text("displayName", id);
    Section window = timeWindow();
    Length length = length(window, "duration");
    Calendar calendar = calendar(window, length);
    List<YamlNode> listed = spec.list("objectives");
    if (listed.isEmpty()) {
      throw spec.wrong("objectives", "names at least one objective");
    }
    List<Objective> objectives = new ArrayList<>();
    for (YamlNode each : listed) {
      String path = "spec.objectives[" + objectives.size() + "]";
      Section objective = Section.of(path, each, OBJECTIVE);
      for (String key : List.of("indicator", "indicatorRef", "compositeWeight")) {
        if (objective.has(key)) {
          throw objective.wrong(key, "makes a composite SLO, which is not supported");
        }
      }
      SaidIndicator of = SaidIndicator.of(indicator, objective);
      int place = objectives.size() + 1;
      try {
        objectives.add(
            new Objective(
                place == 1 ? id : id + "-" + place,
                listed.size() == 1 ? name : objective.text("displayName", name),
                spec.text("service", of.datasets().getFirst()),
                of.datasets(),
                of.eligible(),
                of.good(),
                target(objective),
                length.about,
                budgeting(objective),
                calendar,
                of.derived(),
                List.of()));
      } catch (IllegalArgumentException e) {
        throw new YamlNode.YamlException(each.line(), path + ": " + e.getMessage());
      }
    }
    return objectives;
  }

  private Section timeWindow() {
    List<YamlNode> windows = spec.list("timeWindow");
    if (windows.size() != 1) {
      throw spec.wrong("timeWindow", "names one window, named " + windows.size());
    }
    Section window = Section.of("spec.timeWindow[0]", windows.getFirst(), TIME_WINDOW);
    Duration about = length(window, "duration").about;
    if (about.compareTo(SloMonitor.WINDOW_AT_MOST) > 0) {
      throw window.wrong(
          "duration",
          "is at most %dd, was %s"
              .formatted(SloMonitor.WINDOW_AT_MOST.toDays(), window.text("duration")));
    }
    return window;
  }

  private static Length length(Section section, String key) {
    String text = section.text(key);
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw section.wrong(key, "is like 30d, 4w or 12h, was \"" + text + "\"");
    }
    int number = Integer.parseInt(matcher.group(1));
    return switch (matcher.group(2)) {
      case "m" -> new Length(number, ChronoUnit.MINUTES, Duration.ofMinutes(number));
      case "h" -> new Length(number, ChronoUnit.HOURS, Duration.ofHours(number));
      case "d" -> new Length(number, ChronoUnit.DAYS, Duration.ofDays(number));
      case "w" -> new Length(number, ChronoUnit.WEEKS, Duration.ofDays(7L * number));
      case "M" -> new Length(number, ChronoUnit.MONTHS, MONTH.multipliedBy(number));
      case "Q" -> new Length(3 * number, ChronoUnit.MONTHS, QUARTER.multipliedBy(number));
      case "Y" -> new Length(number, ChronoUnit.YEARS, YEAR.multipliedBy(number));
      default -> throw section.wrong(key, "is in m, h, d, w, M, Q or Y, was \"" + text + "\"");
    };
  }

  /** The calendar of a window that does not roll; null of one that does. */
  private static @Nullable Calendar calendar(Section window, Length length) {
    String rolls = window.text("isRolling", window.has("calendar") ? "false" : "");
    if (rolls.equals("true")) {
      if (window.has("calendar")) {
        throw window.wrong("calendar", "is there beside isRolling: true; one of them is enough");
      }
      if (length.unit == ChronoUnit.MONTHS || length.unit == ChronoUnit.YEARS) {
        throw window.wrong(
            "duration",
            "of %s has no fixed length for a window that rolls; say it in days, like 30d"
                .formatted(window.text("duration")));
      }
      return null;
    }
    if (!window.has("calendar")) {
      throw window.wrong(
          "isRolling", "is true, or there is a calendar with startTime and timeZone");
    }
    Section calendar = window.section("calendar", CALENDAR);
    return new Calendar(start(calendar), zone(calendar), length.number, length.unit);
  }

  private static LocalDateTime start(Section calendar) {
    String text = calendar.text("startTime");
    try {
      return LocalDateTime.parse(text.strip().replace(' ', 'T'));
    } catch (DateTimeParseException e) {
      throw calendar.wrong("startTime", "is like 2022-01-01 12:00:00, was \"" + text + "\"");
    }
  }

  private static ZoneId zone(Section calendar) {
    String text = calendar.text("timeZone");
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw calendar.wrong("timeZone", "is like America/New_York, was \"" + text + "\"");
    }
  }

  private Budgeting budgeting(Section objective) {
    String method = spec.text("budgetingMethod", "Occurrences");
    boolean isRatio = indicator.has("ratioMetric");
    return switch (method) {
      case "Occurrences" -> {
        refuse(objective, method, "timeSliceTarget", "timeSliceWindow");
        yield new Budgeting.Occurrences();
      }
      case "Timeslices" -> {
        String op = isRatio ? objective.text("op", "gte") : "gte";
        if (!op.equals("gt") && !op.equals("gte")) {
          throw objective.wrong("op", "compares a share of good events: gt or gte, was " + op);
        }
        double target = objective.number("timeSliceTarget").doubleValue();
        yield new Budgeting.Timeslices(slice(objective), target, op.equals("gt"));
      }
      case "RatioTimeslices" -> {
        refuse(objective, method, "timeSliceTarget");
        yield new Budgeting.RatioTimeslices(slice(objective));
      }
      default ->
          throw spec.wrong(
              "budgetingMethod",
              "is Occurrences, Timeslices or RatioTimeslices, was \"" + method + "\"");
    };
  }

  /** A time, or a bare number of minutes. */
  private static Duration slice(Section objective) {
    String text = objective.text("timeSliceWindow");
    if (text.matches("[1-9][0-9]{0,3}")) {
      return Duration.ofMinutes(Integer.parseInt(text));
    }
    return length(objective, "timeSliceWindow").about;
  }

  private static void refuse(Section objective, String method, String... keys) {
    for (String key : keys) {
      if (objective.has(key)) {
        throw objective.wrong(key, "means nothing to budgetingMethod " + method);
      }
    }
  }

  private static double target(Section objective) {
    if (objective.has("target") == objective.has("targetPercent")) {
      throw objective.wrong(
          "target", "is missing, or is there beside targetPercent; one of them is needed");
    }
    if (objective.has("targetPercent")) {
      BigDecimal percent = objective.number("targetPercent");
      if (percent.signum() <= 0 || percent.compareTo(BigDecimal.valueOf(100)) >= 0) {
        throw objective.wrong("targetPercent", "lies between 0 and 100, was " + percent);
      }
      return percent.movePointLeft(2).doubleValue();
    }
    BigDecimal target = objective.number("target");
    if (target.signum() <= 0 || target.compareTo(BigDecimal.ONE) >= 0) {
      String instead =
          target.compareTo(BigDecimal.ONE) > 0 ? "; targetPercent: " + target + "?" : "";
      throw objective.wrong("target", "lies between 0 and 1, was " + target + instead);
    }
    return target.doubleValue();
  }

  private Section indicator(Map<String, Section> indicators) {
    if (spec.has("indicator") == spec.has("indicatorRef")) {
      throw spec.wrong(
          "indicator", "is missing, or is there beside indicatorRef; one of them is needed");
    }
    if (spec.has("indicator")) {
      return spec.section("indicator", INDICATOR).section("spec", INDICATOR_SPEC);
    }
    String name = spec.text("indicatorRef");
    Section document = indicators.get(name);
    if (document == null) {
      throw spec.wrong(
          "indicatorRef",
          "names no SLI: \"" + name + "\"" + Nearest.hint(name, indicators.keySet()));
    }
    return document.section("spec", INDICATOR_SPEC);
  }
}
