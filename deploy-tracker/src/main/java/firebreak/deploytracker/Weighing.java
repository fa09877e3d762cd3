package firebreak.deploytracker;

import static firebreak.deploytracker.Weighed.Standing.BLAMED;
import static firebreak.deploytracker.Weighed.Standing.CLEARED;
import static firebreak.deploytracker.Weighed.Standing.UNCLEAR;

import firebreak.deploytracker.Weighed.Standing;
import firebreak.eventstore.Filter;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Weighs one candidate by concurrent controls: the same minutes, the same customer, exposed against
 * unexposed. Where a few units make the burn, only their own events count, and their minutes before
 * the change.
 */
final class Weighing {

  /** The score of what is cleared; too small to matter among scores in nats. */
  static final double CLEARED_SCORE = -6;

  /** No kind of evidence alone counts for more than this. */
  private static final double EVIDENCE_AT_MOST = 12;

  /** One in twenty: with less, chance may have dealt the sick clusters to the candidate. */
  static final double EVIDENCE_AT_LEAST = 3;

  /** What reached a smaller share of the bad events did not do it. */
  private static final double REACHES_AT_LEAST = 0.1;

  private static final double BLOCKS_AT_MOST = 6;
  private static final double UNCLEAR_AT_MOST = 3;

  /** Without anybody to compare with, the minutes before must differ this much. */
  static final double BLOCK_P_AT_MOST = 0.001;

  private final Sample sample;
  private final History history;
  private final FewUnits few;
  private final Onset onset;
  private final long candidates;
  private final Rivals rivals;
  private final SortedMap<Instant, Tally> blocks;

  Weighing(
      Sample sample,
      History history,
      FewUnits few,
      Onset onset,
      List<Candidate> candidates,
      Rivals rivals) {
    this.sample = sample;
    this.history = history;
    this.few = few;
    this.onset = onset;
    this.candidates = Math.max(1, candidates.stream().filter(this::mayHaveDoneIt).count());
    this.rivals = rivals;
    this.blocks =
        few.isEmpty()
            ? new TreeMap<>()
            : history.series(
                new TimeRange(onset.best().minus(Lineup.AGE_AT_MOST), sample.range().end()),
                anyOf(few.units()));
  }

  static Filter anyOf(List<UnitValue> units) {
    return new Filter.Or(units.stream().map(UnitValue::filter).toList());
  }

  Weighed weigh(Candidate candidate) {
    Draft draft = new Draft(candidate);
    if (isLate(candidate)) {
      long late = Duration.between(onset.best(), candidate.start()).toSeconds();
      return draft.cleared("came " + Wording.duration(late) + " after the burn began");
    }
    if (candidate.exposed().isEmpty()) {
      return draft.cleared("no event of the burn was seen to be reached by it");
    }
    return few.isEmpty() ? amongAll(draft) : amongFew(draft);
  }

  private boolean isLate(Candidate candidate) {
    return candidate.start().isAfter(onset.latest().plus(Lineup.TOLERANCE));
  }

  private boolean mayHaveDoneIt(Candidate candidate) {
    return !isLate(candidate) && !candidate.exposed().isEmpty();
  }

  private Weighed amongAll(Draft draft) {
    Candidate candidate = draft.candidate;
    Tally reached = sample.tally(candidate.exposed());
    Tally all = sample.tally(candidate.scope());
    if (reached.bad() < REACHES_AT_LEAST * all.bad()) {
      return draft.cleared("reached only %d of %d bad events".formatted(reached.bad(), all.bad()));
    }
    Comparison comparison = compare(candidate, new BitSet());
    draft.comparison = comparison;
    if (!comparison.isIdentifiable() || comparison.isThin()) {
      draft.sayWhoIsMissing(comparison);
      return draft.done(UNCLEAR, Math.min(UNCLEAR_AT_MOST - 1, timing(candidate)));
    }
    if (comparison.clears()) {
      return draft.cleared(draft.asManyWithout(comparison));
    }
    double evidence = Math.min(comparison.evidence(), rivals.evidenceBeside(draft));
    if (candidate.isFlag() && evidence > 0) {
      evidence = failedBefore(candidate, draft) ? 0 : evidence;
    }
    draft.pValue = Math.exp(-evidence);
    draft.sayWhereItFails(comparison, "");
    if (evidence <= 0 || !comparison.stands()) {
      draft.against.add(draft.asManyWithout(comparison));
      return draft.done(CLEARED, Math.min(0, evidence - 2));
    }
    if (evidence < EVIDENCE_AT_LEAST) {
      draft.against.add("too few hosts or customers agree to tell it from chance");
      return draft.done(UNCLEAR, Math.min(UNCLEAR_AT_MOST - 1, evidence));
    }
    draft.sayWhen();
    return draft.done(BLAMED, Math.min(EVIDENCE_AT_MOST, evidence) + timing(candidate));
  }

  /**
   * Builds are dealt out by host and compared for the same customer; flags by unit.
   *
   * @param apart events to compare only with one another
   */
  Comparison compare(Candidate candidate, BitSet apart) {
    BitSet scope = candidate.scope();
    BitSet exposed = candidate.exposed();
    IntToLongFunction minute = row -> 2L * sample.minute(row) + (apart.get(row) ? 1 : 0);
    IntToLongFunction unitMinute = row -> 2 * unitMinute(row) + (apart.get(row) ? 1 : 0);
    if (!candidate.isFlag()) {
      Comparison byUnit = Comparison.of(sample, scope, exposed, unitMinute, hostSide(exposed));
      Comparison byMinute = Comparison.of(sample, scope, exposed, minute, hostSide(exposed));
      return byUnit.restExpected() >= 0.5 * byMinute.restExpected()
              && byUnit.expected() >= 0.5 * byMinute.expected()
          ? byUnit
          : byMinute;
    }
    return Comparison.byUnit(sample, scope, exposed, minute);
  }

  private long unitMinute(int row) {
    return (long) sample.minute(row) << 32 | sample.units().code(row);
  }

  /** A host on one side; without hosts, a minute on one side. */
  IntToLongFunction hostSide(BitSet exposed) {
    Column<Value> hosts = sample.hosts();
    return row ->
        2L * (hosts.codes() == 1 ? sample.minute(row) : hosts.code(row))
            + (exposed.get(row) ? 1 : 0);
  }

  private boolean failedBefore(Candidate candidate, Draft draft) {
    UnitsBefore before = new UnitsBefore(sample, history);
    UnitsBefore.Growth[] growth = before.exposedAndRest(candidate, onset.best());
    boolean failed = before.failedBefore(growth[0], growth[1]);
    if (failed) {
      draft.against.add(
          String.format(
              Locale.ROOT,
              "those it reaches failed before it as well: %.0f bad events now, %.0f at their own"
                  + " rate before it",
              growth[0].now(),
              growth[0].expected()));
    }
    return failed;
  }

  private Weighed amongFew(Draft draft) {
    Candidate candidate = draft.candidate;
    BitSet scope = (BitSet) few.rows().clone();
    scope.and(candidate.scope());
    Comparison comparison =
        Comparison.of(
            sample, scope, candidate.exposed(), this::unitMinute, hostSide(candidate.exposed()));
    draft.comparison = comparison;
    draft.pValue = BlockTest.pValue(blocks, candidate.start());
    draft.sayBlocks();
    double before = Math.min(BLOCKS_AT_MOST, -Math.log(Math.max(draft.pValue, Double.MIN_NORMAL)));
    if (comparison.clears()) {
      return draft.cleared(draft.asManyWithout(comparison));
    }
    boolean failsWithout =
        isSickWithout(comparison)
            || comparison.exposed().bad() < FewUnits.SHARE_AT_LEAST * sample.tally(scope).bad();
    if (failsWithout) {
      return draft.cleared(
          "%s fails without it as well: %s"
              .formatted(few.names(), Wording.of(comparison.unexposed())));
    }
    draft.sayWhereItFails(comparison, few.names() + "’s ");
    if (comparison.stands()) {
      draft.sayWhen();
      draft.sayOthersAreWell(few);
      double contrast = Math.min(EVIDENCE_AT_MOST, comparison.evidence());
      return draft.done(BLAMED, contrast + before + timing(candidate));
    }
    return beforeAndAfter(draft, scope, before);
  }

  private static boolean isSickWithout(Comparison comparison) {
    Tally without = comparison.unexposed();
    return without.bad() >= 3 && without.rate() >= comparison.exposed().rate() / 3;
  }

  /** All that the few do is exposed: who is exposed, and since when, is what is left to go by. */
  private Weighed beforeAndAfter(Draft draft, BitSet scope, double before) {
    Candidate candidate = draft.candidate;
    double who = candidate.isFlag() ? Math.log(1 / exposedShareOfUnits(candidate)) : 0;
    if (candidate.isFlag() && servedBefore(candidate)) {
      return draft.cleared(few.names() + " was served " + candidate.exposure() + " before it too");
    }
    draft.against.add(
        "all that " + few.names() + " does is reached by it: nothing to compare with");
    boolean isTargeted = who >= 3 && draft.pValue <= BLOCK_P_AT_MOST / (double) candidates;
    if (isTargeted) {
      draft.reasons.add(
          "reaches "
              + Wording.percent(Math.exp(-who))
              + " of "
              + few.units().getFirst().unit().contextKind()
              + "s, those who fail among them");
      draft.sayWhen();
      return draft.done(
          BLAMED,
          Math.min(EVIDENCE_AT_MOST, who * few.units().size() + before) + timing(candidate));
    }
    double score = Math.min(UNCLEAR_AT_MOST, before) + timing(candidate) - surge(scope);
    return draft.done(UNCLEAR, score);
  }

  private double exposedShareOfUnits(Candidate candidate) {
    Column<UnitValue> units = sample.units();
    BitSet all = new BitSet();
    BitSet exposed = new BitSet();
    for (int row = 0; row < sample.size(); row++) {
      if (units.code(row) != Column.ABSENT) {
        all.set(units.code(row));
        exposed.set(units.code(row), exposed.get(units.code(row)) || candidate.exposed().get(row));
      }
    }
    return Math.max(1, exposed.cardinality()) / (double) Math.max(1, all.cardinality());
  }

  /** Whether the few were served the variation in the half hour before the change. */
  private boolean servedBefore(Candidate candidate) {
    TimeRange range = TimeRange.before(candidate.time(), Duration.ofMinutes(30));
    Filter units = anyOf(few.units());
    long served = 0;
    long all = 0;
    for (var entry :
        history.tallies(range, units, FieldRoles.FLAG_PREFIX + candidate.flag()).entrySet()) {
      all += entry.getValue().events();
      served +=
          entry.getKey().display().equals(candidate.variation()) ? entry.getValue().events() : 0;
    }
    return all > 0 && served >= 0.5 * all;
  }

  /** A unit that suddenly sends much more may be its own reason. */
  private double surge(BitSet scope) {
    double minutes = sample.range().length().toSeconds() / 60.0;
    double now = sample.tally(scope).events() / minutes;
    TimeRange earlier = TimeRange.before(sample.range().start(), Duration.ofHours(1));
    double usual = history.tally(earlier, anyOf(few.units())).events() / 60.0;
    return now > 3 * usual ? 2 : 0;
  }

  /**
   * How much likelier the time between change and onset is if the change did it: most harm shows
   * within minutes, and an innocent change lies anywhere in the hours before.
   */
  private double timing(Candidate candidate) {
    double minutes =
        Math.max(0, Duration.between(candidate.start(), onset.best()).toSeconds() / 60.0);
    return Math.log(0.7 * 36 * Math.exp(-minutes / 10) + 0.3);
  }

  /** The reasons as they come together. */
  final class Draft {
    private final Candidate candidate;
    private final List<String> reasons = new ArrayList<>();
    final List<String> against = new ArrayList<>();
    private double pValue = 1;
    private @Nullable Comparison comparison;

    private Draft(Candidate candidate) {
      this.candidate = candidate;
    }

    /** Compares again, with some events apart from the others. */
    Comparison compare(BitSet apart) {
      return Weighing.this.compare(candidate, apart);
    }

    private Weighed done(Standing standing, double score) {
      double prior = standing == CLEARED ? 0 : Math.log((double) candidates);
      return new Weighed(candidate, standing, comparison, score - prior, pValue, reasons, against);
    }

    private Weighed cleared(String reason) {
      against.add(reason);
      return done(CLEARED, CLEARED_SCORE);
    }

    private String asManyWithout(Comparison found) {
      boolean isRarer = found.interval().high() < 1;
      return (isRarer
              ? "fewer events are bad with it than without it ("
              : "as many bad events without it as with it (")
          + Wording.riskRatio(found.riskRatio(), found.interval())
          + ")";
    }

    private void sayWhoIsMissing(Comparison found) {
      against.add(
          found.unexposed().events() == 0
              ? "reached everyone at once: nobody to compare with"
              : "too few bad events to compare with and without it in the same minutes");
    }

    private void sayWhereItFails(Comparison found, String whose) {
      if (found.riskRatio() > 1) {
        reasons.add(
            "bad with %s: %s of %sevents; without it in the same minutes: %s"
                .formatted(
                    candidate.exposure(),
                    Wording.percent(found.exposed().rate()),
                    whose,
                    Wording.of(found.unexposed())));
      }
    }

    private void sayWhen() {
      long lag = Duration.between(candidate.start(), onset.best()).toSeconds();
      String what = candidate.isFlag() ? "the change" : "the first event of " + candidate.build();
      reasons.add(
          lag <= 0 ? "began with " + what : "began " + Wording.duration(lag) + " after " + what);
    }

    private void sayBlocks() {
      if (pValue <= BLOCK_P_AT_MOST) {
        reasons.add(
            few.names() + " was well in the minutes before it (" + Wording.pValue(pValue) + ")");
      }
    }

    private void sayOthersAreWell(FewUnits who) {
      BitSet others = (BitSet) candidate.exposed().clone();
      others.andNot(who.rows());
      if (others.isEmpty()) {
        return;
      }
      against.add(
          "others on %s are well (%s bad), so taking it back from all would cost more than it saves"
              .formatted(candidate.exposure(), Wording.percent(sample.tally(others).rate())));
    }
  }
}
