package firebreak.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.bubbleup.Conjunction;
import firebreak.bubbleup.Difference;
import firebreak.bubbleup.Explanation;
import firebreak.bubbleup.Interval;
import firebreak.bubbleup.Term;
import java.util.Locale;

/** An {@link Explanation} as the API shows it. */
final class ExplanationView {
  private ExplanationView() {}

  static ObjectNode view(Explanation explanation) {
    ObjectNode view = JsonTree.object();
    view.put("selected", explanation.selected());
    view.put("baseline", explanation.baseline());
    view.put("fields_tested", explanation.fieldsTested());
    add(view, explanation);
    return view;
  }

  /** Puts the three lists into the view of something larger. */
  static void add(ObjectNode view, Explanation explanation) {
    view.set(
        "differences",
        JsonTree.array(explanation.differences(), one -> difference(one, explanation.budget())));
    view.set(
        "conjunctions",
        JsonTree.array(explanation.conjunctions(), one -> conjunction(one, explanation.budget())));
    view.set(
        "causes",
        JsonTree.array(explanation.causes(), one -> conjunction(one, explanation.budget())));
  }

  static ObjectNode term(Term term) {
    ObjectNode view = JsonTree.object();
    view.put("field", term.field());
    view.set("value", JsonTree.value(term.value()));
    return view;
  }

  private static ObjectNode difference(Difference difference, double budget) {
    ObjectNode view = JsonTree.object();
    view.put("field", difference.field());
    switch (difference) {
      case Difference.Dimension dimension -> {
        view.put("type", "dimension");
        view.set("value", JsonTree.value(dimension.value()));
      }
      case Difference.Measure measure -> {
        view.put("type", "measure");
        view.set("split", JsonTree.number(measure.split()));
        view.put("above", measure.above());
        view.set("histogram", JsonTree.array(measure.histogram(), ExplanationView::bar));
      }
    }
    return figures(
        view,
        difference.selectionShare(),
        difference.baselineShare(),
        difference.rate(),
        difference.restRate(),
        difference.excess(),
        difference.excessInterval(),
        difference.pValue(),
        budget,
        difference.says());
  }

  private static ObjectNode bar(Difference.Bar bar) {
    ObjectNode view = JsonTree.object();
    view.set("low", JsonTree.number(bar.low()));
    view.set("high", JsonTree.number(bar.high()));
    view.set("selection_share", JsonTree.number(bar.selectionShare()));
    view.set("baseline_share", JsonTree.number(bar.baselineShare()));
    return view;
  }

  private static ObjectNode conjunction(Conjunction conjunction, double budget) {
    ObjectNode view = JsonTree.object();
    view.set("terms", JsonTree.array(conjunction.terms(), ExplanationView::term));
    return figures(
        view,
        conjunction.selectionShare(),
        conjunction.baselineShare(),
        conjunction.rate(),
        conjunction.restRate(),
        conjunction.excess(),
        conjunction.excessInterval(),
        conjunction.pValue(),
        budget,
        conjunction.says());
  }

  private static ObjectNode figures(
      ObjectNode view,
      double selection,
      double baseline,
      double rate,
      double restRate,
      double excess,
      Interval interval,
      double pValue,
      double budget,
      String says) {
    view.set("selection_share", JsonTree.number(selection));
    view.set("baseline_share", JsonTree.number(baseline));
    view.set("rate", JsonTree.number(rate));
    view.set("rest_rate", JsonTree.number(restRate));
    view.set("excess", JsonTree.number(excess));
    view.set("excess_low", JsonTree.number(interval.low()));
    view.set("excess_high", JsonTree.number(interval.high()));
    view.set("p_value", JsonTree.number(pValue));
    if (budget > 0) {
      view.set("budget_share", JsonTree.number(excess / budget));
    }
    view.put("says", budget > 0 ? says + ofBudget(excess / budget) : says);
    return view;
  }

  private static String ofBudget(double share) {
    return String.format(Locale.ROOT, ", %.1f %% of the error budget", 100 * share);
  }
}
