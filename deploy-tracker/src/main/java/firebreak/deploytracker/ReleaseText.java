package firebreak.deploytracker;

import firebreak.bubbleup.Interval;
import firebreak.deploytracker.ReleaseReport.Blame;
import firebreak.deploytracker.ReleaseReport.Impact;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ReleaseReport} as Markdown, with the evidence as a chart of characters, which needs no
 * server that shows it.
 *
 * <p>It may be read by everybody who reads the repository, so it names no customer; and what came
 * from outside stands between backticks, where it can neither call anybody nor look like a link.
 */
public final class ReleaseText {
  private static final int NAME_CHARS_AT_MOST = 80;
  private static final int BAR = 30;
  private static final int SPARKS = 24;
  private static final String LEVELS = "▁▂▃▄▅▆▇█";

  private ReleaseText() {}

  /** One line. */
  public static String title(ReleaseReport report) {
    Rollout rollout = report.rollout();
    String build = "Build %s of %s".formatted(plain(rollout.buildId()), plain(rollout.service()));
    return switch (report.stage()) {
      case DECLARED -> build + " was deployed; no event of it has come in yet";
      case SERVING -> build + " serves; it is too early to tell";
      case WORSE -> build + " is worse than the rest of the same minutes";
      case FINE -> build + " serves, and is not worse than the rest";
      case BLAMED ->
          String.format(
              Locale.ROOT,
              "%s is what burns %s (%.0f %% sure)",
              build,
              plain(report.blames().getLast().objective()),
              100 * report.blames().getLast().posterior());
      case OVER ->
          build + " burned " + plain(report.blames().getLast().objective()) + "; it is over";
      case ROLLED_BACK -> build + " was rolled back, or never got there";
    };
  }

  /** All of it. */
  public static String markdown(ReleaseReport report) {
    StringBuilder text = new StringBuilder("### Firebreak: ");
    text.append(title(report)).append("\n\n");
    text.append("| environment | deployed | first event | share of the traffic |\n");
    text.append("|---|---|---|---|\n");
    report.rollout().landings().forEach(landing -> text.append(row(landing)));
    for (Impact impact : report.impacts()) {
      text.append(chart(report.rollout(), impact));
    }
    for (Blame blame : report.blames()) {
      text.append(
          "\n[Incident](%s) of %s, %s: it began to burn at %s. %s\n"
              .formatted(
                  blame.link(),
                  code(blame.objective()),
                  blame.isOpen() ? "open" : "over",
                  time(blame.began()),
                  blame.done()));
    }
    return text.append("\nAs of %s. This is kept up to date.\n".formatted(time(report.asOf())))
        .toString();
  }

  private static String row(Rollout.Landing landing) {
    String share =
        landing.shares().isEmpty()
            ? "none"
            : String.format(
                Locale.ROOT,
                "%.0f %% %s",
                100 * landing.shares().getLast().share(),
                sparks(landing.shares()));
    return "| %s | %s | %s | %s |\n"
        .formatted(
            code(landing.environment().isEmpty() ? "not named" : landing.environment()),
            landing.isDeclared() ? time(landing.deploys().getFirst().time()) : "not declared",
            time(landing.firstSeen()),
            share);
  }

  /** The share over time, at most so many steps. */
  private static String sparks(List<Rollout.Share> shares) {
    StringBuilder line = new StringBuilder();
    int steps = Math.min(SPARKS, shares.size());
    for (int i = 0; i < steps; i++) {
      double share = shares.get((int) ((long) (i + 1) * shares.size() / steps) - 1).share();
      int level = (int) Math.min(LEVELS.length() - 1L, (long) (share * LEVELS.length()));
      line.append(LEVELS.charAt(level));
    }
    return line.toString();
  }

  private static String chart(Rollout rollout, Impact impact) {
    SideBySide sides = impact.sides();
    String head =
        "\nBad events of %s in the same minutes:\n".formatted(code(impact.objective().id()));
    if (!sides.isComparable()) {
      return head + "there is nothing to compare with.\n";
    }
    int width = Math.max(8, Math.min(24, plain(rollout.buildId()).length()));
    double most = Math.max(sides.rate(), sides.restRate());
    Interval excess = sides.excessInterval();
    return head
        + "```text\n"
        + bar(
            plain(rollout.buildId()),
            width,
            sides.rate(),
            most,
            sides.some().bad(),
            sides.some().eligible())
        + bar(
            "the rest", width, sides.restRate(), most, sides.rest().bad(), sides.rest().eligible())
        + "```\n"
        + String.format(
            Locale.ROOT,
            "%.1f more than the rest would have had (95 %% interval %.1f to %.1f), p = %.2g; %.3g %%"
                + " may be bad.\n",
            sides.excess(),
            excess.low(),
            excess.high(),
            sides.pValue(),
            100 * impact.objective().budgetShare());
  }

  private static String bar(
      String name, int width, double rate, double most, long bad, long events) {
    int length = most > 0 ? (int) Math.round(BAR * rate / most) : 0;
    return String.format(
        Locale.ROOT,
        "%s %-30s %6.2f %%  %d of %d\n",
        padded(name, width),
        length == 0 ? "▏" : "█".repeat(length),
        100 * rate,
        bad,
        events);
  }

  private static String padded(String name, int width) {
    String cut = name.length() > width ? name.substring(0, width) : name;
    return cut + " ".repeat(width - cut.length());
  }

  private static String time(@Nullable Instant time) {
    return time == null
        ? "none yet"
        : time.truncatedTo(ChronoUnit.SECONDS).toString().replace("T", " ").replace("Z", " UTC");
  }

  /** Between backticks, and without what would end them or a cell. */
  private static String code(String text) {
    return "`" + plain(text) + "`";
  }

  private static String plain(String text) {
    String plain =
        text.replaceAll("[\\p{Cntrl}\\p{Cf}`|]", " ").replace("<", "‹").replace("@", "＠").strip();
    return plain.length() > NAME_CHARS_AT_MOST
        ? plain.substring(0, NAME_CHARS_AT_MOST) + "…"
        : plain;
  }
}
