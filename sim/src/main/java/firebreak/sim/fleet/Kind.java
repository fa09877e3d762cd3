package firebreak.sim.fleet;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What goes wrong, by its number in the list of kinds; no number is in use for 17. */
public enum Kind {
  FLAG_PARTIAL("1", "a flag goes to 10, 25 or 50 % and fails those it is served to"),
  FLAG_EVERYBODY("1e", "a flag goes from nobody to everybody at once and fails some"),
  FLAG_ONE_PERCENT("2", "a flag at 1 % of users fails half of their requests"),
  FLAG_ARM("3", "one arm of a multivariate flag is bad"),
  BUILD("4", "a bad build rolls out"),
  FLAG_WITH_INNOCENT_BUILD("5", "a flag and a build in the same minute; the flag is guilty"),
  BUILD_WITH_INNOCENT_FLAG("6", "a flag and a build in the same minute; the build is guilty"),
  FLAG_AND_BUILD("7", "only the new build with the flag on fails"),
  FLAG_ON_SLICE("8", "a flag hurts one plan, region or SDK version only"),
  LEAK("9", "a build leaks: it fails more the longer it runs, late"),
  TALK("10", "a build shortens a cache behind a flag; one customer floods the store"),
  TWO_CULPRITS("11", "two changes are guilty at once, one of them more"),
  ALREADY_FIXED("12", "a bad change is being taken back while the burn is noticed"),
  CUSTOMER_SURGE("13", "one customer's traffic surges"),
  BAD_HOST("14", "one host, or one zone, is bad"),
  REGIONAL_OUTAGE("15", "a region has an outage"),
  DEPENDENCY_OUTAGE("16", "a dependency of some endpoints fails just after a flag went to all"),
  SIMPSON("18", "a flag goes first to clients that always fail more, and they become many"),
  FLAG_THAT_HELPS("19", "a flag is turned on against an outage and helps"),
  TELEMETRY_LOSS("20", "a region stops sending good events, and its clock is off"),
  QUIET("Q", "changes, and nothing wrong");

  private final String number;
  private final String story;

  Kind(String number, String story) {
    this.number = number;
    this.story = story;
  }

  /** The number in the list of kinds, such as {@code 10}; {@code Q} for the quiet hour. */
  public String number() {
    return number;
  }

  /** What happens, in a clause. */
  public String story() {
    return story;
  }

  /** The kind of that number. */
  public static Kind of(String number) {
    for (Kind kind : values()) {
      if (kind.number.equalsIgnoreCase(number)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "there is no kind of incident '%s'; there are %s"
            .formatted(
                number,
                Arrays.stream(values()).map(Kind::number).collect(Collectors.joining(", "))));
  }
}
