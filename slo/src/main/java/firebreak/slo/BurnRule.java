package firebreak.slo;

import java.time.Duration;
import java.util.List;

/**
 * Alerts when the burn rate reaches {@code factor} over both windows.
 *
 * <p>The standard table spends 2 % of a 30-day budget in an hour, 5 % in six hours, 10 % in a day
 * or in three (Google, The Site Reliability Workbook, chapter 5, table 5-8).
 *
 * @param urgent whether it pages, or opens a ticket
 */
public record BurnRule(Duration longWindow, Duration shortWindow, double factor, boolean urgent) {

  public static final List<BurnRule> STANDARD =
      List.of(
          new BurnRule(Duration.ofHours(1), Duration.ofMinutes(5), 14.4, true),
          new BurnRule(Duration.ofHours(6), Duration.ofMinutes(30), 6, true),
          new BurnRule(Duration.ofDays(1), Duration.ofHours(2), 3, false),
          new BurnRule(Duration.ofDays(3), Duration.ofHours(6), 1, false));

  /**
   * Below these counts a burn rate is noise: eligible and bad in the long window, bad in the short.
   */
  public static final long FLOOR_ELIGIBLE = 100;

  public static final long FLOOR_BAD = 10;
  public static final long FLOOR_BAD_SHORT = 3;
}
