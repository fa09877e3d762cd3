package firebreak.deploytracker;

import firebreak.deploytracker.Weighed.Standing;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Clears a candidate that another one screens off: where only it was at work all is well, and where
 * only the other was, all is as bad.
 */
final class Screening {

  /** Bad events that a group must be expected to have before its health says anything. */
  private static final double EXPECTED_AT_LEAST = 5;

  private final Sample sample;
  private final FewUnits few;

  Screening(Sample sample, FewUnits few) {
    this.sample = sample;
    this.few = few;
  }

  List<Weighed> screen(List<Weighed> weighed) {
    List<Weighed> screened = new ArrayList<>();
    for (Weighed one : weighed) {
      Weighed left = one;
      for (Weighed other : weighed) {
        if (one.standing() != Standing.CLEARED
            && left.standing() != Standing.CLEARED
            && other.standing() == Standing.BLAMED
            && isScreenedOff(one.candidate(), other.candidate())) {
          left =
              left.cleared(
                  "all is well where only it is and " + other.candidate().name() + " is not");
        }
      }
      screened.add(left);
    }
    return screened;
  }

  private boolean isScreenedOff(Candidate one, Candidate other) {
    if (one.changeId().equals(other.changeId())) {
      return false;
    }
    BitSet scope = few.isEmpty() ? sample.all() : few.rows();
    BitSet both = and(scope, one.exposed());
    both.and(other.exposed());
    BitSet onlyOne = and(scope, one.exposed());
    onlyOne.and(other.scope());
    onlyOne.andNot(other.exposed());
    BitSet onlyOther = and(scope, other.exposed());
    onlyOther.and(one.scope());
    onlyOther.andNot(one.exposed());
    double rate = sample.tally(both).rate();
    Tally alone = sample.tally(onlyOne);
    Tally without = sample.tally(onlyOther);
    return alone.events() * sample.scale() * rate >= EXPECTED_AT_LEAST
        && alone.rate() <= rate / 3
        && (without.events() * sample.scale() * rate < EXPECTED_AT_LEAST
            || without.rate() >= rate / 2);
  }

  private static BitSet and(BitSet a, BitSet b) {
    BitSet both = (BitSet) a.clone();
    both.and(b);
    return both;
  }
}
