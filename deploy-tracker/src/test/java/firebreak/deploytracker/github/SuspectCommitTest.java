package firebreak.deploytracker.github;

import static org.junit.jupiter.api.Assertions.assertEquals;

import firebreak.deploytracker.github.CommitHistory.Commit;
import firebreak.deploytracker.github.CommitHistory.Comparison;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which of a build's commits to look at first. */
class SuspectCommitTest {
  @Test
  void theOneThatTouchesTheFlagComesFirstThenTheNewest() {
    List<SuspectCommit> ranked =
        SuspectCommit.rank(
            comparison(
                commit("a1"),
                commit("b2", new FlagReference("short-cache", "Cache.java", 11, true)),
                commit("c3", new FlagReference("dark-mode", "Page.java", 2, true))),
            "short-cache");
    assertEquals(
        List.of("b2", "c3", "a1"), ranked.stream().map(one -> one.commit().sha()).toList());
    assertEquals(
        List.of(
            "It touches the flag short-cache, which the failing path stands behind"
                + " (Cache.java:11)."),
        ranked.getFirst().reasons());
    assertEquals(List.of(), ranked.get(1).reasons());
  }

  @Test
  void aLoneCommitIsAllThereIs() {
    assertEquals(
        List.of("It is all that the build brought."),
        SuspectCommit.rank(comparison(commit("a1")), "").getFirst().reasons());
  }

  @Test
  void noMoreThanAFewAreShown() {
    Commit[] many = new Commit[50];
    for (int i = 0; i < many.length; i++) {
      many[i] = commit("c" + i);
    }
    List<SuspectCommit> ranked = SuspectCommit.rank(comparison(many), "");
    assertEquals(SuspectCommit.AT_MOST, ranked.size());
    assertEquals("c49", ranked.getFirst().commit().sha());
  }

  private static Commit commit(String sha, FlagReference... flags) {
    return new Commit(sha, sha, "Pat", Instant.EPOCH, List.of(), List.of(flags));
  }

  private static Comparison comparison(Commit... commits) {
    return new Comparison(new ArrayList<>(List.of(commits)), commits.length, List.of(), List.of());
  }
}
