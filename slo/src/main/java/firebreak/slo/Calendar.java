package firebreak.slo;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/**
 * Windows that follow one another without a gap: the first begins at {@code start} by the clocks of
 * the zone, and each is {@code number} units long by its calendar, so that a day of a change of
 * clocks has 23 or 25 hours.
 */
public record Calendar(LocalDateTime start, ZoneId zone, int number, ChronoUnit unit) {
  private static final Set<ChronoUnit> UNITS =
      Set.of(
          ChronoUnit.MINUTES,
          ChronoUnit.HOURS,
          ChronoUnit.DAYS,
          ChronoUnit.WEEKS,
          ChronoUnit.MONTHS,
          ChronoUnit.YEARS);

  public Calendar {
    if (number < 1) {
      throw new IllegalArgumentException("a window is at least one unit long, was " + number);
    }
    if (!UNITS.contains(unit)) {
      throw new IllegalArgumentException(
          "a window is counted in one of " + UNITS + ", was " + unit);
    }
  }

  /** When the window that {@code now} lies in began; before the first one, windows go on back. */
  public Instant windowStart(Instant now) {
    ZonedDateTime first = start.atZone(zone);
    long windows = Math.floorDiv(unit.between(first, now.atZone(zone)), (long) number);
    // Months are of different lengths, and between counts whole ones only: look around.
    while (boundary(windows + 1).compareTo(now) <= 0) {
      windows++;
    }
    while (boundary(windows).isAfter(now)) {
      windows--;
    }
    return boundary(windows);
  }

  private Instant boundary(long windows) {
    return start.plus(windows * number, unit).atZone(zone).toInstant();
  }
}
