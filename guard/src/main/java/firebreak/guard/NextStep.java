package firebreak.guard;

import firebreak.slo.Counts;
import java.util.List;

/**
 * The next step of a mitigation's way back, and whether it may be taken now.
 *
 * @param percent what it would give back of what was served before; 0 where contexts are given back
 *     by key
 * @param contexts those that still lack it, where it was taken from a few
 * @param build that the steps are bound to; empty where nobody named one
 * @param refusals why not now, each a sentence; empty when it may be taken
 * @param watched what was seen of the step before, in sentences with numbers
 * @param exposed eligible and bad events of those whom the step before reached
 * @param rest of all others in the same minutes
 * @param pValue the chance of such a difference if both were alike; NaN where nothing is compared
 * @param buildShare of the objective's latest events that the build served; NaN without any
 */
public record NextStep(
    int percent,
    List<String> contexts,
    String build,
    List<String> refusals,
    List<String> watched,
    Counts exposed,
    Counts rest,
    double pValue,
    double buildShare) {
  public NextStep {
    contexts = List.copyOf(contexts);
    refusals = List.copyOf(refusals);
    watched = List.copyOf(watched);
  }
}
