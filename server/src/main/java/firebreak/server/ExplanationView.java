package firebreak.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.bubbleup.Conjunction;
import firebreak.bubbleup.Difference;
import firebreak.bubbleup.Explanation;
import firebreak.bubbleup.Term;

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
    view.set("differences", JsonTree.array(explanation.differences(), ExplanationView::difference));
    view.set(
        "conjunctions", JsonTree.array(explanation.conjunctions(), ExplanationView::conjunction));
    view.set("causes", JsonTree.array(explanation.causes(), ExplanationView::conjunction));
  }

  static ObjectNode term(Term term) {
    ObjectNode view = JsonTree.object();
    view.put("field", term.field());
    view.set("value", JsonTree.value(term.value()));
    return view;
  }

  private static ObjectNode difference(Difference difference) {
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
    return shares(
        view,
        difference.selectionShare(),
        difference.baselineShare(),
        difference.excess(),
        difference.pValue());
  }

  private static ObjectNode bar(Difference.Bar bar) {
    ObjectNode view = JsonTree.object();
    view.set("low", JsonTree.number(bar.low()));
    view.set("high", JsonTree.number(bar.high()));
    view.set("selection_share", JsonTree.number(bar.selectionShare()));
    view.set("baseline_share", JsonTree.number(bar.baselineShare()));
    return view;
  }

  private static ObjectNode conjunction(Conjunction conjunction) {
    ObjectNode view = JsonTree.object();
    view.set("terms", JsonTree.array(conjunction.terms(), ExplanationView::term));
    return shares(
        view,
        conjunction.selectionShare(),
        conjunction.baselineShare(),
        conjunction.excess(),
        conjunction.pValue());
  }

  private static ObjectNode shares(
      ObjectNode view, double selection, double baseline, double excess, double pValue) {
    view.set("selection_share", JsonTree.number(selection));
    view.set("baseline_share", JsonTree.number(baseline));
    view.set("excess", JsonTree.number(excess));
    view.set("p_value", JsonTree.number(pValue));
    return view;
  }
}
