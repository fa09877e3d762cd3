package firebreak.sim.fleet;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What did it, and which answers about it are right.
 *
 * @param onset when requests begin to fail for it; of a quiet hour, when the hour begins
 * @param culprits the guilty changes, the one with the larger effect first; empty for none of ours
 * @param accepted the answers that are right
 * @param levers what it is right to take away without asking; empty where acting is wrong
 * @param slice the fields and values of those who fail, beyond being exposed; may be empty
 */
public record Truth(
    Instant onset,
    List<Culprit> culprits,
    List<Accepted> accepted,
    List<Lever> levers,
    Map<String, String> slice) {
  public Truth {
    culprits = List.copyOf(culprits);
    accepted = List.copyOf(accepted);
    levers = List.copyOf(levers);
    slice = Map.copyOf(slice);
  }

  /** What can be answered. */
  public enum Answer {
    FLAG,
    DEPLOY,
    CUSTOMER,
    NONE,
    UNSURE
  }

  /** A guilty change: a build by its id, or a flag with the variation that hurts; "" for none. */
  public record Culprit(String changeId, String build, String flag, String variation) {
    String inWords() {
      if (build.isEmpty()) {
        return "the flag %s=%s".formatted(flag, variation);
      }
      return "build " + build + (flag.isEmpty() ? "" : " with the flag " + flag + "=" + variation);
    }
  }

  /** A variation of a flag. */
  public record Lever(String flag, String variation) {}

  /**
   * An answer that is right with this build, flag and variation; "" fits anything. A build that is
   * blamed without any flag is right as far as it goes; with a flag that has no part in it, it is
   * wrong.
   */
  public record Accepted(Answer answer, String build, String flag, String variation) {
    boolean fits(Answer given, String givenBuild, String givenFlag, String givenVariation) {
      return answer == given
          && (build.isEmpty() || build.equals(givenBuild))
          && fits(givenFlag, givenVariation);
    }

    private boolean fits(String givenFlag, String givenVariation) {
      if (answer == Answer.DEPLOY && givenFlag.isEmpty()) {
        return true;
      }
      if (flag.isEmpty()) {
        return answer != Answer.DEPLOY;
      }
      return flag.equals(givenFlag) && (variation.isEmpty() || variation.equals(givenVariation));
    }
  }

  /** What did it, in a clause. */
  public String inWords() {
    String where =
        slice.entrySet().stream()
            .map(term -> term.getKey() + " = " + term.getValue())
            .sorted()
            .collect(Collectors.joining(", "));
    if (culprits.isEmpty()) {
      return "no change of ours did it" + (where.isEmpty() ? "" : "; it lies with " + where);
    }
    String did =
        culprits.stream().map(Culprit::inWords).collect(Collectors.joining(", and in part "));
    return did + " did it" + (where.isEmpty() ? "" : ", for " + where);
  }

  /**
   * Whether the answer is right.
   *
   * @param build the build blamed, or ""
   * @param flag the flag blamed, or that stands before the failing path, or ""
   */
  public boolean isRight(Answer answer, String build, String flag, String variation) {
    return accepted.stream().anyMatch(one -> one.fits(answer, build, flag, variation));
  }

  /** Whether it is right to take this variation away without asking. */
  public boolean isRightToAct(String flag, String variation) {
    return levers.contains(new Lever(flag, variation));
  }
}
