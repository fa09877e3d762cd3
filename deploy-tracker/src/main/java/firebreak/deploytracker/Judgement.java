package firebreak.deploytracker;

import firebreak.bubbleup.Explanation;
import firebreak.bubbleup.Term;
import firebreak.deploytracker.Rivals.Rival;
import firebreak.deploytracker.Suspect.Evidence;
import firebreak.deploytracker.Verdict.Kind;
import firebreak.deploytracker.Weighed.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns the weights of all suspects into shares of belief and those into a verdict. */
final class Judgement {

  /** A change is named from this belief on; below it nobody is. */
  static final double NAMED_FROM = 0.8;

  private static final double OTHERS_NAMED_FROM = 0.6;

  /** What "none of ours" scores before anything is known. */
  private static final double NONE_AT_FIRST = 1.5;

  /** What it scores when every change has been cleared. */
  private static final double NONE_LEFT = 4;

  /** Bad events expected of the unexposed, from which on one waits for the comparison to tell. */
  private static final double COMPARABLE_FROM = 3;

  private static final double EVIDENCE_AT_MOST = 12;

  private static final double UNTHOUGHT_OF = 0.02;

  /** Belief from which on the second of two that are blamed is taken for guilty too. */
  private static final double ACCOMPLICE_FROM = 0.05;

  private final Sample sample;
  private final FewUnits few;
  private final List<Weighed> weighed;
  private final Explanation explanation;
  private final Onset onset;
  private final @Nullable Rival rival;
  private final Levers levers;
  private final List<Suspect> suspects = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();

  /** A suspect's score with what stands behind it; null for a customer and for none. */
  private record Entry(@Nullable Weighed weighed, double score, Suspect suspect) {}

  Judgement(
      Sample sample,
      FewUnits few,
      Rivals rivals,
      List<Weighed> weighed,
      Explanation explanation,
      Onset onset) {
    this.sample = sample;
    this.few = few;
    this.weighed = weighed;
    this.explanation = explanation;
    this.onset = onset;
    this.levers = new Levers(sample, few);
    this.rival = few.isEmpty() ? rivals.strongestBeside(weighed) : null;
    weighed.forEach(one -> entries.add(new Entry(one, one.score(), suspect(one))));
    if (!few.isEmpty()) {
      entries.add(new Entry(null, customerScore(), customer()));
    }
    entries.add(new Entry(null, noneScore(), none()));
    share();
  }

  /**
   * Shares belief out. A small part goes to all alike: what happens may be nothing that is thought
   * of here, and no evidence from one burn makes that any less so.
   */
  private void share() {
    double most = entries.stream().mapToDouble(Entry::score).max().orElse(0);
    double sum = entries.stream().mapToDouble(entry -> Math.exp(entry.score - most)).sum();
    entries.sort(
        Comparator.comparingDouble((Entry entry) -> -entry.score)
            .thenComparing(entry -> entry.suspect.changeId()));
    for (Entry entry : entries) {
      Suspect one = entry.suspect;
      suspects.add(
          new Suspect(
              one.changeId(),
              one.kind(),
              one.name(),
              (1 - UNTHOUGHT_OF) * Math.exp(entry.score - most) / sum
                  + UNTHOUGHT_OF / entries.size(),
              one.reasonsFor(),
              one.reasonsAgainst(),
              one.evidence()));
    }
  }

  List<Suspect> suspects() {
    return suspects;
  }

  /**
   * Their own evidence belongs to every suspect among the few and cancels; what is left is this.
   */
  private double customerScore() {
    return weighed.stream().anyMatch(this::isOpen) ? 2 : NONE_LEFT;
  }

  private boolean isOpen(Weighed one) {
    return one.standing() != Standing.CLEARED;
  }

  private boolean isOpenAndRecent(Weighed one) {
    return isOpen(one) && one.candidate().isRecent(onset);
  }

  private double noneScore() {
    if (!few.isEmpty()) {
      return -Math.min(EVIDENCE_AT_MOST, few.evidence()) / 2;
    }
    if (rival != null) {
      return Math.min(EVIDENCE_AT_MOST, rival.evidence());
    }
    return weighed.stream().anyMatch(this::isOpen) ? NONE_AT_FIRST : NONE_LEFT;
  }

  private Suspect suspect(Weighed one) {
    List<String> reasons = new ArrayList<>(one.reasonsFor());
    Levers.Found lever = one.standing() == Standing.BLAMED ? levers.find(one.candidate()) : null;
    if (lever != null && !lever.reason().isEmpty()) {
      reasons.add(lever.reason());
    }
    List<String> against = new ArrayList<>(one.reasonsAgainst());
    if (one.standing() == Standing.BLAMED && lever == null) {
      against.addAll(levers.untold(one.candidate()));
    }
    Candidate candidate = one.candidate();
    return new Suspect(
        candidate.changeId(),
        candidate.kind(),
        candidate.name(),
        0,
        reasons,
        against,
        evidence(candidate));
  }

  private Evidence evidence(Candidate candidate) {
    BitSet unexposed = (BitSet) candidate.scope().clone();
    unexposed.andNot(candidate.exposed());
    Tally with = sample.tally(candidate.exposed());
    Tally without = sample.tally(unexposed);
    UnitContrast units = UnitContrast.of(sample, candidate);
    return new Evidence(
        with.events(),
        with.bad(),
        without.events(),
        without.bad(),
        units.exposed(),
        units.unexposed(),
        units.affected(),
        units.differenceAtLeast(),
        Duration.between(candidate.time(), onset.best()).toSeconds());
  }

  private Suspect customer() {
    List<String> reasons =
        List.of(
            "%s of the excess is %s’s"
                .formatted(Wording.percent(Math.min(1, few.share())), few.names()));
    List<String> against = new ArrayList<>();
    for (Weighed one : weighed) {
      if (one.standing() == Standing.BLAMED) {
        against.add(few.names() + " is well without " + one.candidate().exposure());
      }
    }
    String kind = few.units().getFirst().unit().contextKind();
    return new Suspect(
        "", "customer", kind + " " + few.names(), 0, reasons, against, Evidence.NONE);
  }

  private Suspect none() {
    List<String> reasons = new ArrayList<>();
    List<String> against = new ArrayList<>();
    if (rival != null) {
      reasons.add(
          "%s fails with and without every change: %s"
              .formatted(rival.name(), Wording.of(sample.tally(rival.rows()))));
    }
    for (Weighed one : weighed) {
      Comparison comparison = one.comparison();
      if (one.standing() == Standing.BLAMED && comparison != null) {
        against.add(
            "without %s all is well in the same minutes: %s bad"
                .formatted(one.candidate().exposure(), Wording.of(comparison.unexposed())));
      }
    }
    if (rival == null && weighed.stream().noneMatch(this::isOpen)) {
      reasons.add(
          weighed.isEmpty()
              ? "nothing of ours changed in the hours before"
              : "every change of the hours before fails as often without as with it");
    }
    return new Suspect("", "none", "None of ours", 0, reasons, against, Evidence.NONE);
  }

  /** The change that is named; null when none is. */
  @Nullable Weighed blamed() {
    Weighed top = entries.getFirst().weighed;
    if (top == null
        || posterior() < NAMED_FROM
        || !(top.standing() == Standing.BLAMED || isFewsOnlyChange(top))) {
      return null;
    }
    Weighed accomplice = accomplice();
    return accomplice != null && excess(accomplice) > excess(top) ? accomplice : top;
  }

  /** How sure it is that the one named is a culprit: of two that both are, either is. */
  private double posterior() {
    return suspects.getFirst().posterior()
        + (accomplice() == null ? 0 : suspects.get(1).posterior());
  }

  /** A second change that is blamed beside the first, and that the first does not account for. */
  private @Nullable Weighed accomplice() {
    Weighed first = entries.getFirst().weighed;
    Weighed second = entries.size() > 1 ? entries.get(1).weighed : null;
    boolean areTwo =
        few.isEmpty()
            && first != null
            && second != null
            && first.standing() == Standing.BLAMED
            && second.standing() == Standing.BLAMED
            && suspects.get(1).posterior() >= ACCOMPLICE_FROM;
    return areTwo ? second : null;
  }

  /** Bad events that it reached beyond what as many of those it did not reach have. */
  private static double excess(Weighed one) {
    Comparison comparison = Objects.requireNonNull(one.comparison());
    return comparison.exposed().bad()
        - comparison.exposed().events() * comparison.unexposed().rate();
  }

  /** Nobody to compare with, but the few's own minutes before and after tell. */
  private boolean isFewsOnlyChange(Weighed top) {
    Comparison comparison = top.comparison();
    return !few.isEmpty()
        && comparison != null
        && comparison.restExpected() < COMPARABLE_FROM
        && top.standing() == Standing.UNCLEAR
        && top.pValue() <= Weighing.BLOCK_P_AT_MOST / weighed.size();
  }

  Levers.@Nullable Found lever() {
    Weighed blamed = blamed();
    Levers.Found found = blamed == null ? null : levers.find(blamed.candidate());
    return found == null || found.share() < NAMED_FROM ? null : found;
  }

  /** The change most believed of those that may have done it; null when there is none. */
  @Nullable Candidate mostSuspect() {
    return entries.stream()
        .map(Entry::weighed)
        .filter(one -> one != null && isOpen(one))
        .map(one -> Objects.requireNonNull(one).candidate())
        .findFirst()
        .orElse(null);
  }

  Levers.@Nullable Found leverOfMostSuspect() {
    Candidate suspect = mostSuspect();
    return suspect == null || suspect.exposed().isEmpty() ? null : levers.find(suspect);
  }

  Verdict verdict() {
    double posterior = posterior();
    Weighed blamed = blamed();
    if (blamed != null) {
      Candidate candidate = blamed.candidate();
      Levers.Found found = lever();
      return new Verdict(
          candidate.isFlag() ? Kind.FLAG : Kind.DEPLOY,
          candidate.changeId(),
          candidate.build(),
          found == null ? null : found.lever(),
          terms(),
          found == null ? posterior : posterior * found.share());
    }
    return new Verdict(unblamed(posterior), "", "", null, terms(), posterior);
  }

  private Kind unblamed(double posterior) {
    String kind = suspects.getFirst().kind();
    if (posterior < OTHERS_NAMED_FROM) {
      return Kind.UNSURE;
    }
    if (kind.equals("customer")) {
      return Kind.CUSTOMER;
    }
    boolean isExplained = rival != null || weighed.stream().noneMatch(this::isOpenAndRecent);
    return kind.equals("none") && isExplained ? Kind.NONE : Kind.UNSURE;
  }

  /** Whom it hits: the few; else what the failing events share most. */
  private List<Term> terms() {
    if (!few.isEmpty()) {
      return few.units().stream().map(UnitValue::term).toList();
    }
    return explanation.causes().isEmpty() ? List.of() : explanation.causes().getFirst().terms();
  }
}
