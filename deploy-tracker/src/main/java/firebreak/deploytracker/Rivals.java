package firebreak.deploytracker;

import firebreak.bubbleup.Difference;
import firebreak.bubbleup.Explanation;
import firebreak.bubbleup.Term;
import firebreak.eventstore.Filter;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What may have done it and is no change: a host, a region, a platform, an endpoint. Only what a
 * customer, a host or a request is counts, not what befell its events: an error message is an
 * effect and clears nobody. A request was asked for as often before; an effect was not there.
 */
final class Rivals {
  private static final int FIELDS_AT_MOST = 8;
  private static final int AT_MOST = 5;

  /** Nats below which a slice is no rival. */
  private static final double EVIDENCE_AT_LEAST = 6;

  /** The most that counts for a candidate that always comes with a rival. */
  private static final double DOUBTFUL = 2;

  /** Nats from which some are sicker than others. */
  private static final double SICKER = 3;

  /** From so many they may be; chance alone gives them about once in forty times. */
  private static final double PERHAPS_SICKER = 2;

  /** Of the events of units that ever are in the slice, this share must be. */
  private static final double PURE_FROM = 0.95;

  /** What a request is makes up about the same share of all as before, within this factor. */
  private static final double STEADY_WITHIN = 2;

  private static final long SEEN_AT_LEAST = 20;

  /** Values of one field are taken together when each is so many times sicker than the rest. */
  private static final double TIMES_SICKER = 3;

  /** An hour before the onset, when what began it had hardly begun itself. */
  private static final Duration LONG_BEFORE = Duration.ofHours(1);

  private final Sample sample;
  private final History history;
  private final Onset onset;
  private final TimeRange before;
  private final Map<String, Map<Value, Tally>> known = new HashMap<>();
  private final List<Rival> rivals;

  /**
   * Events of a slice that are sicker than the others.
   *
   * @param isOfOwners whether it is customers or hosts, and not a kind of request
   */
  record Rival(String name, boolean isOfOwners, BitSet rows, double evidence) {}

  Rivals(Sample sample, History history, FieldRoles roles, Explanation explanation, Onset onset) {
    this.sample = sample;
    this.history = history;
    this.onset = onset;
    this.before =
        new TimeRange(onset.best().minus(Lineup.AGE_AT_MOST), onset.best().minus(LONG_BEFORE));
    List<Rival> found = new ArrayList<>();
    find(found, roles.host().isEmpty() ? "host" : roles.host().getFirst(), sample.hosts());
    for (String field : fields(roles, explanation)) {
      if (sample.otherFields().contains(field)) {
        find(found, field, sample.column(field));
      }
    }
    found.sort(
        Comparator.comparingDouble((Rival rival) -> -rival.evidence).thenComparing(Rival::name));
    Set<BitSet> distinct = new HashSet<>();
    rivals = found.stream().filter(rival -> distinct.add(rival.rows)).limit(AT_MOST).toList();
  }

  /** The fields of the explanation that may name a rival, strongest first. */
  static List<String> fields(FieldRoles roles, Explanation explanation) {
    return explanation.differences().stream()
        .filter(difference -> difference instanceof Difference.Dimension)
        .map(Difference::field)
        .distinct()
        .filter(field -> FieldRoles.flag(field).isEmpty() && !hasRole(roles, field))
        .limit(FIELDS_AT_MOST)
        .toList();
  }

  private static boolean hasRole(FieldRoles roles, String field) {
    return roles.build().contains(field)
        || roles.service().contains(field)
        || roles.environment().contains(field)
        || roles.host().contains(field)
        || roles.unit().stream().anyMatch(unit -> unit.field().equals(field));
  }

  private void find(List<Rival> found, String field, Column<Value> column) {
    Tally[] tallies = new Tally[column.codes()];
    Arrays.fill(tallies, Tally.NONE);
    for (int row = 0; row < sample.size(); row++) {
      int code = column.code(row);
      tallies[code] =
          tallies[code].plus(
              new Tally(sample.weight(row), sample.isBad(row) ? sample.weight(row) : 0));
    }
    Tally all = sample.tally(sample.all());
    List<Integer> requested = new ArrayList<>();
    for (int code = 1; code < column.codes(); code++) {
      double evidence =
          tallies[code]
                  .scaled(sample.scale())
                  .against(all.minus(tallies[code]).scaled(sample.scale()))
                  .evidence()
              - Math.log(column.codes());
      int chosen = code;
      if (evidence >= EVIDENCE_AT_LEAST) {
        BitSet rows = sample.rows(row -> column.code(row) == chosen);
        boolean isOfOwners =
            column == sample.hosts() || isOf(sample.units(), rows) || isOf(sample.hosts(), rows);
        boolean isAsked = column != sample.hosts() && isSteady(field, column.value(code));
        if (isOfOwners || isAsked) {
          String name = new Term(field, column.value(code)).display();
          found.add(new Rival(name, isOfOwners, rows, evidence));
        }
        double rest = all.minus(tallies[code]).rate();
        if (isAsked && tallies[code].rate() >= TIMES_SICKER * rest) {
          requested.add(code);
        }
      }
    }
    if (requested.size() > 1) {
      found.add(together(field, column, requested));
    }
  }

  /** Several values of a field that fail more, as one slice. */
  private Rival together(String field, Column<Value> column, List<Integer> codes) {
    BitSet rows = sample.rows(row -> codes.contains(column.code(row)));
    Tally all = sample.tally(sample.all());
    Tally sick = sample.tally(rows);
    double evidence =
        sick.scaled(sample.scale()).against(all.minus(sick).scaled(sample.scale())).evidence()
            - codes.size() * Math.log(column.codes());
    String name =
        codes.stream()
            .map(code -> new Term(field, column.value(code)).display())
            .collect(Collectors.joining(" or "));
    return new Rival(name, false, rows, Math.max(0, evidence));
  }

  /** Whether this value made up about the same share of all events well before the burn. */
  private boolean isSteady(String field, Value value) {
    Map<Value, Tally> earlier =
        known.computeIfAbsent(field, _ -> history.tallies(before, Filter.ALL, field));
    long all = earlier.values().stream().mapToLong(Tally::events).sum();
    long of = earlier.getOrDefault(value, Tally.NONE).events();
    Column<Value> column = sample.column(field);
    int code = column.codeOf(value);
    long now = sample.tally(sample.rows(row -> column.code(row) == code)).events();
    long allNow = sample.tally(sample.rows(row -> column.code(row) != Column.ABSENT)).events();
    double growth = ((double) now / allNow) / ((double) of / all);
    return of >= SEEN_AT_LEAST && growth <= STEADY_WITHIN && growth >= 1 / STEADY_WITHIN;
  }

  /** Whether those who are in the slice at all always are. */
  private boolean isOf(Column<?> owners, BitSet rows) {
    int[] inside = new int[owners.codes()];
    int[] all = new int[owners.codes()];
    for (int row = 0; row < sample.size(); row++) {
      all[owners.code(row)]++;
      inside[owners.code(row)] += rows.get(row) ? 1 : 0;
    }
    long ofOwners = 0;
    long within = 0;
    for (int code = 1; code < owners.codes(); code++) {
      if (inside[code] > 0 && all[code] >= 3) {
        ofOwners += all[code];
        within += inside[code];
      }
    }
    return ofOwners > 0 && within >= PURE_FROM * ofOwners;
  }

  /**
   * The candidate's evidence when it is compared only within each rival and only outside it: least
   * counts. A rival that it cannot be told from leaves a doubt.
   */
  double evidenceBeside(Weighing.Draft draft) {
    double evidence = Double.POSITIVE_INFINITY;
    for (Rival rival : rivals) {
      Comparison beside = draft.compare(rival.rows);
      if (!beside.isIdentifiable() || beside.isThin()) {
        draft.against.add("cannot be told from " + rival.name);
        evidence = Math.min(evidence, DOUBTFUL);
      } else if (!beside.stands()) {
        draft.against.add(rival.name + " fails without it as well");
        evidence = 0;
      } else {
        evidence = Math.min(evidence, beside.evidence());
      }
    }
    return evidence;
  }

  private boolean isSickWithout(Rival rival, Candidate candidate) {
    BitSet inside = (BitSet) rival.rows.clone();
    inside.and(candidate.scope());
    inside.andNot(candidate.exposed());
    Tally sick = sample.tally(inside).scaled(sample.scale());
    Tally rest = sample.tally(unreached(candidate, rival)).scaled(sample.scale());
    BitSet reached = (BitSet) rival.rows.clone();
    reached.and(candidate.exposed());
    return sick.against(rest).evidence() >= SICKER
        && sick.rate() >= 0.5 * sample.tally(reached).rate();
  }

  /**
   * Whether the rival lies beyond what the candidate may have done to everybody it reached: what
   * just changed for all may well have broken one kind of request.
   */
  private boolean isBeyond(Rival rival, Candidate candidate) {
    return rival.isOfOwners || !candidate.isRecent(onset);
  }

  /**
   * Whether those whom the candidate reaches outside the rival are well: much better off than the
   * rival, and no worse than those whom it does not reach.
   */
  private boolean isWellOutside(Rival rival, Candidate candidate) {
    BitSet reached = (BitSet) candidate.exposed().clone();
    reached.andNot(rival.rows);
    double rate = sample.tally(rival.rows).rate();
    Tally rest = sample.tally(reached).scaled(sample.scale());
    Tally others = sample.tally(unreached(candidate, rival)).scaled(sample.scale());
    return isMuchBetter(sample.tally(reached), rate)
        && rest.against(others).evidence() < PERHAPS_SICKER;
  }

  /** Whether those in the rival whom the candidate does not reach are much better off. */
  private boolean isWellWithout(Rival rival, Candidate candidate) {
    BitSet reached = (BitSet) rival.rows.clone();
    reached.and(candidate.exposed());
    BitSet unreached = (BitSet) rival.rows.clone();
    unreached.and(candidate.scope());
    unreached.andNot(candidate.exposed());
    return isMuchBetter(sample.tally(unreached), sample.tally(reached).rate());
  }

  /** Whether so many events at that rate would have had more bad ones, several times over. */
  private boolean isMuchBetter(Tally some, double rate) {
    return some.events() * sample.scale() * rate >= 5 && some.rate() <= rate / 5;
  }

  /** The events outside the rival that the candidate does not reach. */
  private static BitSet unreached(Candidate candidate, Rival rival) {
    BitSet unreached = (BitSet) candidate.scope().clone();
    unreached.andNot(candidate.exposed());
    unreached.andNot(rival.rows);
    return unreached;
  }

  /** The strongest that the candidates do not account for; null when there is none. */
  @Nullable Rival strongestBeside(List<Weighed> weighed) {
    for (Rival rival : rivals) {
      boolean isFree =
          weighed.stream()
              .allMatch(
                  one ->
                      switch (one.standing()) {
                        case BLAMED -> isSickWithout(rival, one.candidate());
                        case UNCLEAR ->
                            isSickWithout(rival, one.candidate())
                                || (isBeyond(rival, one.candidate())
                                    && isWellOutside(rival, one.candidate())
                                    && !isWellWithout(rival, one.candidate()));
                        case CLEARED -> true;
                      });
      if (isFree) {
        return rival;
      }
    }
    return null;
  }
}
