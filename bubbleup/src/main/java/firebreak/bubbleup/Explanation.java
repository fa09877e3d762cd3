package firebreak.bubbleup;

import java.util.List;

/**
 * What the selected events share. What is not listed does not differ significantly.
 *
 * @param selected weight of the selected events
 * @param baseline weight of the rest
 * @param fieldsTested how many fields were looked at
 * @param differences fields one by one, strongest first
 * @param conjunctions two terms or more, strongest first
 * @param causes single terms and conjunctions in one order, best explanation first
 */
public record Explanation(
    long selected,
    long baseline,
    int fieldsTested,
    List<Difference> differences,
    List<Conjunction> conjunctions,
    List<Conjunction> causes) {
  public static final Explanation NOTHING =
      new Explanation(0, 0, 0, List.of(), List.of(), List.of());

  public Explanation {
    differences = List.copyOf(differences);
    conjunctions = List.copyOf(conjunctions);
    causes = List.copyOf(causes);
  }
}
