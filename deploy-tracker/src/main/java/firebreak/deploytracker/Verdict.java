package firebreak.deploytracker;

import firebreak.bubbleup.Term;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which change did it, if any of ours.
 *
 * @param changeId the change, empty where there is none
 * @param buildId the build behind a deploy, empty where there is none
 * @param lever what can be turned to stop it; null where there is nothing to turn
 * @param terms whom or what it hits
 * @param posterior how sure of the change, and of the lever where there is one, 0 to 1
 */
public record Verdict(
    Kind kind,
    String changeId,
    String buildId,
    @Nullable Lever lever,
    List<Term> terms,
    double posterior) {
  public static final Verdict UNSURE = new Verdict(Kind.UNSURE, "", "", null, List.of(), 0);

  /** What kind of answer it is. */
  public enum Kind {
    /** A flag change did it. */
    FLAG,
    /** A build or deploy did it. */
    DEPLOY,
    /** No change of ours, but the traffic of a few contexts explains it. */
    CUSTOMER,
    /** A significant burn that no change of ours explains. */
    NONE,
    /** Not enough evidence to tell. */
    UNSURE
  }

  /**
   * A flag that the failing path stands behind.
   *
   * @param variation what the failing events were served
   * @param field the unit field, such as {@code customer_id}; empty when no few units explain it
   * @param contextKind the provider's kind of context for that field
   * @param keys the few units that explain at least four fifths of the excess; may be empty
   */
  public record Lever(
      String flag, String variation, String field, String contextKind, List<String> keys) {
    public Lever {
      keys = List.copyOf(keys);
    }
  }

  public Verdict {
    terms = List.copyOf(terms);
    if (!(posterior >= 0 && posterior <= 1)) {
      throw new IllegalArgumentException("a posterior lies between 0 and 1, was " + posterior);
    }
  }
}
