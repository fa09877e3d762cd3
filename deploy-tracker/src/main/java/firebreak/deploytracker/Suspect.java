package firebreak.deploytracker;

import java.util.List;

/**
 * A change that could have done it, or "none of ours", with what speaks for and against. We rank,
 * we do not prove.
 *
 * @param changeId empty for "none of ours" and for a customer
 * @param kind deploy, build, flag, customer or none
 * @param reasonsFor sentences with their numbers
 * @param reasonsAgainst sentences with their numbers
 */
public record Suspect(
    String changeId,
    String kind,
    String name,
    double posterior,
    List<String> reasonsFor,
    List<String> reasonsAgainst,
    Evidence evidence) {
  public Suspect {
    reasonsFor = List.copyOf(reasonsFor);
    reasonsAgainst = List.copyOf(reasonsAgainst);
  }

  /**
   * The counts behind it, by weight, over the minutes of the burn.
   *
   * @param unitsExposed units (customers, users) that it reached, where there were others
   * @param unitsUnexposed units that it never reached, in the same minutes
   * @param unitsAffected exposed units with failing events
   * @param differenceAtLeast by how much the failing share of the exposed units is higher, at the
   *     lower end of its 95 % interval; NaN where it was not compared
   * @param onsetLagSeconds from the change to the onset of the burn; negative when it came after
   */
  public record Evidence(
      long exposedEvents,
      long exposedBad,
      long unexposedEvents,
      long unexposedBad,
      long unitsExposed,
      long unitsUnexposed,
      long unitsAffected,
      double differenceAtLeast,
      long onsetLagSeconds) {
    public static final Evidence NONE = new Evidence(0, 0, 0, 0, 0, 0, 0, Double.NaN, 0);
  }
}
