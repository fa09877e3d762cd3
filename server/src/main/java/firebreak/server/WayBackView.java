package firebreak.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.guard.NextStep;
import firebreak.guard.WayBackStep;
import firebreak.slo.Counts;

/** The way back of a mitigation as the API shows it. */
final class WayBackView {
  private WayBackView() {}

  /** A step that was taken. */
  static ObjectNode view(WayBackStep step) {
    ObjectNode view = JsonTree.object();
    view.put("percent", step.percent() == 0 ? null : step.percent());
    view.set("contexts", JsonTree.texts(step.contexts()));
    view.put("build", step.build().isEmpty() ? null : step.build());
    view.put("actor", step.actor());
    view.set("at", JsonTree.time(step.at()));
    return view;
  }

  static ObjectNode view(NextStep next) {
    ObjectNode view = JsonTree.object();
    view.put("percent", next.percent() == 0 ? null : next.percent());
    view.set("contexts", JsonTree.texts(next.contexts()));
    view.put("build", next.build().isEmpty() ? null : next.build());
    view.put("allowed", next.refusals().isEmpty());
    view.set("refusals", JsonTree.texts(next.refusals()));
    view.set("watched", JsonTree.texts(next.watched()));
    view.set("exposed", counts(next.exposed()));
    view.set("rest", counts(next.rest()));
    view.set("p_value", JsonTree.number(next.pValue()));
    view.set("build_share", JsonTree.number(next.buildShare()));
    return view;
  }

  private static ObjectNode counts(Counts counts) {
    return JsonTree.object().put("events", counts.eligible()).put("bad", counts.bad());
  }
}
