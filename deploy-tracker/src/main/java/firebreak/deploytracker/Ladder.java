package firebreak.deploytracker;

import firebreak.bubbleup.Explanation;
import firebreak.bubbleup.Term;
import firebreak.deploytracker.Counterfactual.Estimate;
import firebreak.deploytracker.Counterfactual.Step;
import firebreak.eventstore.Value;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every step that could be taken against the suspect, from the smallest audience to the largest,
 * and what it would leave of the burn.
 */
final class Ladder {
  private final Sample sample;
  private final History history;
  private final FewUnits few;
  private final Forecast forecast;
  private final Explanation explanation;
  private final FlagHistory flags;

  Ladder(
      Sample sample,
      History history,
      FewUnits few,
      Forecast forecast,
      Explanation explanation,
      FlagHistory flags) {
    this.sample = sample;
    this.history = history;
    this.few = few;
    this.forecast = forecast;
    this.explanation = explanation;
    this.flags = flags;
  }

  /**
   * The steps.
   *
   * @param suspect the change most believed; null when none is
   * @param lever the flag that can be turned against it; null when there is none
   */
  List<Counterfactual> steps(@Nullable Candidate suspect, Levers.@Nullable Found lever) {
    List<Counterfactual> steps = new ArrayList<>();
    BitSet sick = suspect == null ? few.rows() : suspect.exposed();
    BitSet scope = suspect == null ? sample.all() : suspect.scope();
    for (Step step : Step.values()) {
      switch (step) {
        case NOTHING ->
            steps.add(new Taken(step, "do nothing", new BitSet()).foretold(sick, scope));
        case CUSTOMER -> steps.add(customer(sick, scope, lever));
        case SEGMENT, RULE, PERCENTAGE, VARIATION, FLAG ->
            steps.add(
                suspect == null || lever == null
                    ? Counterfactual.impossible(step, "no flag is known to stand before what fails")
                    : ofFlag(step, suspect, lever));
        case BUILD ->
            steps.add(
                suspect == null || suspect.build().isEmpty()
                    ? Counterfactual.impossible(step, "no build is suspected")
                    : new Taken(step, "roll back " + suspect.build(), buildRows(suspect))
                        .onBuild(suspect.build())
                        .foretold(sick, scope));
      }
    }
    return steps;
  }

  private BitSet buildRows(Candidate suspect) {
    BitSet rows = sample.rows(sample.builds(), suspect.build());
    return rows.isEmpty() ? suspect.exposed() : rows;
  }

  private Counterfactual customer(BitSet sick, BitSet scope, Levers.@Nullable Found lever) {
    if (few.isEmpty()) {
      return Counterfactual.impossible(Step.CUSTOMER, "no three customers explain it");
    }
    List<Term> terms = few.units().stream().map(UnitValue::term).toList();
    if (lever == null) {
      return new Taken(Step.CUSTOMER, "without " + few.names(), few.rows())
          .whom(terms)
          .foretold(few.rows(), sample.all());
    }
    BitSet rows = served(lever);
    rows.and(few.rows());
    return taken(Step.CUSTOMER, few.names(), lever, rows).whom(terms).foretold(sick, scope);
  }

  private Counterfactual ofFlag(Step step, Candidate suspect, Levers.Found lever) {
    BitSet sick = suspect.exposed();
    BitSet scope = suspect.scope();
    String flag = lever.lever().flag();
    String field = FieldRoles.FLAG_PREFIX + flag;
    return switch (step) {
      case SEGMENT -> segment(suspect, lever);
      case RULE -> rule(suspect, lever);
      case PERCENTAGE -> {
        BitSet rows = suspect.isFlag() ? flags.newlyServed(sample, history, suspect) : new BitSet();
        yield rows.isEmpty()
            ? Counterfactual.impossible(step, "nobody was given it by this change alone")
            : taken(step, "those newly served", lever, rows).foretold(sick, scope);
      }
      case VARIATION -> taken(step, "all", lever, served(lever)).foretold(sick, scope);
      case FLAG -> {
        Column<Value> column = sample.column(field);
        String off = flags.offVariation(flag);
        BitSet rows =
            sample.rows(
                row ->
                    column.code(row) != Column.ABSENT
                        && !column.value(column.code(row)).display().equals(off));
        yield new Taken(step, "turn " + flag + " off", rows).ofFlag(flag, "").foretold(sick, scope);
      }
      case NOTHING, CUSTOMER, BUILD -> throw new IllegalArgumentException(step + " is no flag's");
    };
  }

  private Counterfactual segment(Candidate suspect, Levers.Found lever) {
    List<Term> terms =
        explanation.causes().isEmpty()
            ? List.of()
            : explanation.causes().getFirst().terms().stream()
                .filter(term -> FieldRoles.flag(term.field()).isEmpty())
                .filter(term -> sample.otherFields().contains(term.field()))
                .toList();
    if (terms.isEmpty()) {
      return Counterfactual.impossible(
          Step.SEGMENT, "those who fail share nothing that a segment could be made of");
    }
    BitSet rows = served(lever);
    for (Term term : terms) {
      Column<Value> column = sample.column(term.field());
      int code = column.codeOf(term.value());
      rows.and(sample.rows(row -> column.code(row) == code && code != Column.ABSENT));
    }
    String name = terms.stream().map(Term::display).collect(Collectors.joining(" and "));
    return taken(Step.SEGMENT, name, lever, rows)
        .whom(terms)
        .foretold(suspect.exposed(), suspect.scope());
  }

  private Counterfactual rule(Candidate suspect, Levers.Found lever) {
    FlagHistory.Rule rule = flags.rule(sample, lever.lever().flag(), served(lever));
    return rule == null
        ? Counterfactual.impossible(
            Step.RULE, "no rule of the flag is known to serve it to those who fail")
        : taken(Step.RULE, "rule " + rule.name(), lever, rule.rows())
            .foretold(suspect.exposed(), suspect.scope());
  }

  private BitSet served(Levers.Found lever) {
    return FlagHistory.served(sample, lever.lever().flag(), lever.lever().variation());
  }

  private Taken taken(Step step, String whom, Levers.Found lever, BitSet rows) {
    String flag = lever.lever().flag();
    String variation = lever.lever().variation();
    return new Taken(step, "take %s = %s from %s".formatted(flag, variation, whom), rows)
        .ofFlag(flag, variation);
  }

  /** A step while it is put together. */
  private final class Taken {
    private final Step step;
    private final String name;
    private final BitSet rows;
    private String flag = "";
    private String variation = "";
    private String build = "";
    private List<Term> terms = List.of();

    Taken(Step step, String name, BitSet rows) {
      this.step = step;
      this.name = name;
      this.rows = rows;
    }

    Taken ofFlag(String turned, String from) {
      flag = turned;
      variation = from;
      return this;
    }

    Taken onBuild(String back) {
      build = back;
      return this;
    }

    Taken whom(List<Term> whom) {
      terms = whom;
      return this;
    }

    Counterfactual foretold(BitSet sick, BitSet scope) {
      Forecast.Outlook outlook = forecast.of(rows, sick, scope);
      return new Counterfactual(
          step,
          name,
          flag,
          variation,
          build,
          terms,
          outlook.burnRate(),
          outlook.badAvoided(),
          Estimate.UNKNOWN,
          outlook.trafficAffected(),
          outlook.goodAffected(),
          outlook.isByHistory()
              ? "hardly anybody was left without it: told by the hour before only"
              : "");
    }
  }
}
