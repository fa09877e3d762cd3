package firebreak.deploytracker;

import firebreak.deploytracker.Weighed.Standing;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Weighs candidates that reached the same events against one another. One is cleared when another
 * screens it off: where only it was at work all is well, or within the other's reach it makes no
 * difference. A flag and a build that do harm only together are one suspect.
 */
final class Screening {

  /** Bad events that a group must be expected to have before its health says anything. */
  private static final double EXPECTED_AT_LEAST = 5;

  private final Sample sample;
  private final FewUnits few;
  private final Weighing weighing;

  Screening(Sample sample, FewUnits few, Weighing weighing) {
    this.sample = sample;
    this.few = few;
    this.weighing = weighing;
  }

  List<Weighed> screen(List<Weighed> weighed) {
    List<Weighed> paired = pair(weighed);
    List<Weighed> screened = new ArrayList<>();
    for (Weighed one : paired) {
      Weighed left = one;
      for (Weighed other : paired) {
        if (isOpen(left) && other.standing() == Standing.BLAMED && isOther(one, other)) {
          left = screen(left, other);
        }
      }
      screened.add(left);
    }
    return screened;
  }

  private Weighed screen(Weighed one, Weighed other) {
    String name = other.candidate().name();
    if (isScreenedOff(one.candidate(), other.candidate())) {
      return one.cleared("all is well where only it is and " + name + " is not");
    }
    boolean makesNoDifference =
        few.isEmpty()
            && !areComplements(one.candidate(), other.candidate())
            && isIndifferent(one.candidate(), other.candidate())
            && !isIndifferent(other.candidate(), one.candidate());
    return makesNoDifference
        ? one.cleared("makes no difference among those that " + name + " reached, nor among others")
        : one;
  }

  private static boolean isOpen(Weighed one) {
    return one.standing() != Standing.CLEARED;
  }

  private static boolean isOther(Weighed one, Weighed other) {
    return !one.candidate().changeId().equals(other.candidate().changeId());
  }

  /** Where a service's events are not of one build they are of another. */
  private static boolean areComplements(Candidate one, Candidate other) {
    return !one.isFlag() && !other.isFlag() && one.scope().equals(other.scope());
  }

  /** Whether it makes no difference once the other's events are compared only with one another. */
  private boolean isIndifferent(Candidate one, Candidate other) {
    Comparison adjusted = weighing.compare(one, other.exposed());
    return adjusted.isIdentifiable() && !adjusted.stands();
  }

  private boolean isScreenedOff(Candidate one, Candidate other) {
    BitSet scope = few.isEmpty() ? sample.all() : few.rows();
    BitSet both = Sample.and(scope, one.exposed());
    both.and(other.exposed());
    BitSet onlyOne = Sample.and(scope, one.exposed());
    onlyOne.and(other.scope());
    onlyOne.andNot(other.exposed());
    BitSet onlyOther = Sample.and(scope, other.exposed());
    onlyOther.and(one.scope());
    onlyOther.andNot(one.exposed());
    double rate = sample.tally(both).rate();
    Tally without = sample.tally(onlyOther);
    return isWell(onlyOne, rate) && (!isKnown(onlyOther, rate) || without.rate() >= rate / 2);
  }

  private boolean isKnown(BitSet rows, double rate) {
    return sample.tally(rows).events() * sample.scale() * rate >= EXPECTED_AT_LEAST;
  }

  private boolean isWell(BitSet rows, double rate) {
    return isKnown(rows, rate) && sample.tally(rows).rate() <= rate / 3;
  }

  /** Every flag and build that are well without each other become one suspect: the flag, paired. */
  private List<Weighed> pair(List<Weighed> weighed) {
    List<Weighed> paired = new ArrayList<>(weighed);
    for (Weighed flag : weighed) {
      for (Weighed build : weighed) {
        boolean isPair =
            flag.candidate().isFlag()
                && !build.candidate().isFlag()
                && flag.standing() == Standing.BLAMED
                && build.standing() == Standing.BLAMED
                && areWellApart(flag.candidate(), build.candidate());
        if (isPair && paired.contains(flag) && paired.contains(build)) {
          paired.set(paired.indexOf(flag), together(flag, build));
          paired.set(
              paired.indexOf(build),
              build.cleared("is well wherever " + flag.candidate().exposure() + " is not served"));
        }
      }
    }
    return paired;
  }

  private boolean areWellApart(Candidate flag, Candidate build) {
    BitSet scope = few.isEmpty() ? sample.all() : few.rows();
    BitSet both = Sample.and(Sample.and(scope, flag.exposed()), build.exposed());
    BitSet onlyFlag = Sample.and(Sample.and(scope, flag.exposed()), build.scope());
    onlyFlag.andNot(build.exposed());
    BitSet onlyBuild = Sample.and(Sample.and(scope, build.exposed()), flag.scope());
    onlyBuild.andNot(flag.exposed());
    double rate = sample.tally(both).rate();
    return isWell(onlyFlag, rate) && isWell(onlyBuild, rate);
  }

  private Weighed together(Weighed flag, Weighed build) {
    Candidate one = flag.candidate();
    Candidate other = build.candidate();
    BitSet onlyFlag = Sample.and(one.exposed(), other.scope());
    onlyFlag.andNot(other.exposed());
    BitSet onlyBuild = Sample.and(other.exposed(), one.scope());
    onlyBuild.andNot(one.exposed());
    BitSet both = Sample.and(one.exposed(), other.exposed());
    Candidate pair = one.with(other, Sample.and(one.scope(), other.scope()), both);
    String reason =
        "bad only together: %s with both, %s with %s alone, %s with %s alone"
            .formatted(
                Wording.percent(sample.tally(both).rate()),
                Wording.of(sample.tally(onlyFlag)),
                one.exposure(),
                Wording.of(sample.tally(onlyBuild)),
                other.exposure());
    return flag.paired(pair, Math.max(flag.score(), build.score()), reason);
  }
}
