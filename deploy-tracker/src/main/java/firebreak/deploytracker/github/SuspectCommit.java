package firebreak.deploytracker.github;

import firebreak.deploytracker.github.CommitHistory.Commit;
import firebreak.deploytracker.github.CommitHistory.Comparison;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A commit that came with a build that is suspected. We rank, we do not prove: a commit without a
 * reason is as possible as before.
 *
 * @param reasons why it rather than its neighbours, sentences; often none
 */
public record SuspectCommit(Commit commit, List<String> reasons) {
  /** So many are shown. */
  public static final int AT_MOST = 10;

  public SuspectCommit {
    reasons = List.copyOf(reasons);
  }

  /**
   * The commits of a build, those with a reason first, then the newest first.
   *
   * @param flag what the failing path stands behind; empty where it stands behind none
   */
  public static List<SuspectCommit> rank(Comparison brought, String flag) {
    List<SuspectCommit> ranked = new ArrayList<>();
    for (Commit commit : brought.commits().reversed()) {
      ranked.add(new SuspectCommit(commit, reasons(commit, brought, flag)));
    }
    ranked.sort(Comparator.comparing(suspect -> suspect.reasons().isEmpty()));
    return List.copyOf(ranked.subList(0, Math.min(AT_MOST, ranked.size())));
  }

  private static List<String> reasons(Commit commit, Comparison brought, String flag) {
    List<String> reasons = new ArrayList<>();
    commit.flags().stream()
        .filter(reference -> reference.flag().equals(flag))
        .findFirst()
        .ifPresent(
            reference ->
                reasons.add(
                    "It touches the flag %s, which the failing path stands behind (%s:%d)."
                        .formatted(flag, reference.path(), reference.line())));
    if (brought.total() == 1) {
      reasons.add("It is all that the build brought.");
    }
    return reasons;
  }
}
