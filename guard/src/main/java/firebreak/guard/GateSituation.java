package firebreak.guard;

import firebreak.deploytracker.SideBySide;
import firebreak.slo.Counts;
import firebreak.slo.Objective;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that {@link Gate} decides upon, seen at one moment.
 *
 * @param budgets of the objectives that are about the service
 * @param servicesKnown the services that objectives are about
 */
public record GateSituation(
    Question question,
    List<Budget> budgets,
    List<Suspicion> suspicions,
    Set<String> servicesKnown) {

  public GateSituation {
    budgets = List.copyOf(budgets);
    suspicions = List.copyOf(suspicions);
    servicesKnown = Set.copyOf(servicesKnown);
  }

  /**
   * What somebody wants to do. Absent text is empty.
   *
   * @param step the share of the traffic that the step reaches; null where none is named
   */
  public record Question(
      String service,
      String environment,
      String buildId,
      String flag,
      String variation,
      @Nullable Double step) {
    public Question {
      if (service.isBlank()) {
        throw new IllegalArgumentException("service is missing");
      }
      if (step != null && !(step >= 0 && step <= 1)) {
        throw new IllegalArgumentException(
            "step is the share of the traffic that it reaches, 0 to 1, was " + step);
      }
    }
  }

  /**
   * One objective.
   *
   * @param remaining share of the budget that is left; NaN when unknown
   * @param window events of the objective's whole window
   * @param sides the events of the last hour that the build or variation served, and all others of
   *     the same minutes
   * @param burning what burns, as a sentence; empty when nothing does
   */
  public record Budget(
      Objective objective,
      double remaining,
      Counts window,
      Counts lastHour,
      SideBySide sides,
      String burning) {}

  /**
   * An open incident that has the build or flag among its suspects.
   *
   * @param isBlamed whether the verdict names it
   */
  public record Suspicion(String incident, String name, double posterior, boolean isBlamed) {}
}
