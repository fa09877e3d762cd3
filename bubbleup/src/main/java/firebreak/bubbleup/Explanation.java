package firebreak.bubbleup;

import java.util.List;

/**
 * What the selected events share. What is not listed does not differ significantly.
 *
 * @param selected weight of the selected events
 * @param baseline weight of the rest
 * @param fieldsTested how many fields were looked at
 * @param budget how many bad events an objective allows in its window, 0 where events were selected
 *     by something else
 * @param differences fields one by one, strongest first
 * @param conjunctions two terms or more, strongest first
 * @param causes single terms and conjunctions in one order, best explanation first
 */
public record Explanation(
    long selected,
    long baseline,
    int fieldsTested,
    double budget,
    List<Difference> differences,
    List<Conjunction> conjunctions,
    List<Conjunction> causes) {
  public static final Explanation NOTHING = nothing(0, 0, 0);

  public Explanation {
    differences = List.copyOf(differences);
    conjunctions = List.copyOf(conjunctions);
    causes = List.copyOf(causes);
  }

  static Explanation nothing(long selected, long baseline, int fieldsTested) {
    return new Explanation(selected, baseline, fieldsTested, 0, List.of(), List.of(), List.of());
  }

  /** The same, of events that count against a budget. */
  public Explanation withBudget(double events) {
    return new Explanation(
        selected, baseline, fieldsTested, events, differences, conjunctions, causes);
  }
}
