package firebreak.eventstore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/**
 * What the tests of one promise counted: a line of the table that {@code ./firebreak test
 * --nightly} prints. How often they try is counted here too: seldom on every push, often at night.
 */
public final class Figures {
  private static final boolean NIGHTLY = Boolean.getBoolean("firebreak.nightly");

  private final String promise;
  private final String what;
  private final long started = System.nanoTime();
  private long runs;
  private long lost;
  private long falselyAcknowledged;
  private String control = "";

  /**
   * Begins to count, and to take the time.
   *
   * @param promise such as R1
   * @param what what is tried, in a few words
   */
  public Figures(String promise, String what) {
    this.promise = promise;
    this.what = what;
  }

  /** Whether the long variants are asked for. */
  public static boolean nightly() {
    return NIGHTLY;
  }

  /** How often to try: the property {@code firebreak.<name>}, else by whether it is night. */
  public static int runs(String name, int push, int night) {
    return Integer.getInteger("firebreak." + name, NIGHTLY ? night : push);
  }

  public void ran(long more) {
    runs += more;
  }

  /** Acknowledged events that are not there, or twice, or wrong. */
  public void lost(long events) {
    lost += events;
  }

  /** Appends that were acknowledged though the disk had failed them. */
  public void falselyAcknowledged(long appends) {
    falselyAcknowledged += appends;
  }

  /** How often the broken variant was caught, such as "10 of 10". */
  public void control(String caught) {
    control = caught;
  }

  /** Adds the line to {@code target/durability.tsv} of the module under test. */
  public void write() {
    double seconds = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started) / 1000.0;
    String line =
        "%s\t%s\t%d\t%d\t%d\t%s\t%.1f%n"
            .formatted(promise, what, runs, lost, falselyAcknowledged, control, seconds);
    System.out.print(line);
    try {
      Files.writeString(
          Path.of(System.getProperty("basedir", "."), "target", "durability.tsv"),
          line,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says loudly that a promise goes untested here; the table says it too. */
  public static void skipped(String promise, String what, String why) {
    System.out.printf("%n*** %s NOT TESTED (%s): %s ***%n%n", promise, what, why);
    Figures figures = new Figures(promise, what);
    figures.control("NOT RUN: " + why);
    figures.write();
  }
}
