package firebreak.bench.accuracy;

import firebreak.bubbleup.ContingencyTable;
import firebreak.bubbleup.Term;
import firebreak.eventstore.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** What other tools whose ranking is published rank by, on the same counts. */
final class OtherRankers {
  private static final int TERMS_AT_MOST = 3;

  /** Sentry's weights and constant of reciprocal rank fusion. */
  private static final double KL_WEIGHT = 0.8;

  private static final double ENTROPY_WEIGHT = 0.2;
  private static final double FUSION = 60;

  /** DIFF's limits in its SQL tutorial. */
  private static final double RATIO_AT_LEAST = 1.5;

  private static final double SUPPORT_AT_LEAST = 0.05;

  private OtherRankers() {}

  static List<Ranker> all() {
    List<Ranker> all = new ArrayList<>(ofSingleValues());
    all.add(new Named("DIFF", OtherRankers::diff));
    return all;
  }

  /** Those that name one value; the other one counts every combination there is. */
  static List<Ranker> ofSingleValues() {
    return List.of(
        new Named("share difference", OtherRankers::shareDifference),
        new Named("KL and entropy", OtherRankers::divergence),
        new Named("p value", OtherRankers::pValue));
  }

  private record Named(String name, Function<Incident, List<Slice>> ranking) implements Ranker {
    @Override
    public List<Slice> rank(Incident incident) {
      return ranking.apply(incident);
    }
  }

  /** Bad and all events of a slice, and of everything. */
  private record Counted(Slice slice, long bad, long all, long everyBad, long every) {
    double shareDifference() {
      return (double) bad / everyBad - (double) (all - bad) / (every - everyBad);
    }

    ContingencyTable table() {
      return new ContingencyTable(bad, all, everyBad - bad, every - all);
    }

    double riskRatio() {
      double rest = table().restRate();
      return rest == 0 ? Double.POSITIVE_INFINITY : table().rate() / rest;
    }
  }

  /** Largest difference of shares, one attribute (Grafana's traces drilldown, HyperDX). */
  private static List<Slice> shareDifference(Incident incident) {
    return ranked(counted(incident.now(), 1), Counted::shareDifference);
  }

  /** Smallest p value, one attribute (Elastic's failed transaction correlations). */
  private static List<Slice> pValue(Incident incident) {
    return ranked(counted(incident.now(), 1), counted -> counted.table().evidence());
  }

  /**
   * Attributes by the divergence of their distributions and by entropy, fused by rank (Sentry's
   * suspect tags), each named by its value of most share difference.
   */
  private static List<Slice> divergence(Incident incident) {
    Map<String, List<Counted>> byField = new HashMap<>();
    for (Counted counted : counted(incident.now(), 1)) {
      byField
          .computeIfAbsent(counted.slice.terms().getFirst().field(), _ -> new ArrayList<>())
          .add(counted);
    }
    List<String> fields = List.copyOf(byField.keySet());
    Map<String, Double> fused = new HashMap<>();
    fuse(fields, field -> kl(byField.getOrDefault(field, List.of())), KL_WEIGHT, fused);
    fuse(fields, field -> -entropy(byField.getOrDefault(field, List.of())), ENTROPY_WEIGHT, fused);
    return fields.stream()
        .sorted(Comparator.comparingDouble(field -> -fused.getOrDefault(field, 0.0)))
        .map(
            field ->
                ranked(byField.getOrDefault(field, List.of()), Counted::shareDifference).getFirst())
        .toList();
  }

  private static void fuse(
      List<String> fields,
      ToDoubleFunction<String> score,
      double weight,
      Map<String, Double> fused) {
    List<String> sorted =
        fields.stream()
            .sorted(
                Comparator.comparingDouble((String field) -> -score.applyAsDouble(field))
                    .thenComparing(field -> field))
            .toList();
    for (int rank = 0; rank < sorted.size(); rank++) {
      fused.merge(sorted.get(rank), weight / (FUSION + rank + 1), Double::sum);
    }
  }

  /** Of the bad events' values from the good ones', each value counted once more (Laplace). */
  private static double kl(List<Counted> values) {
    double sum = 0;
    for (Counted value : values) {
      double bad = (value.bad + 1.0) / (value.everyBad + values.size());
      double good = (value.all - value.bad + 1.0) / (value.every - value.everyBad + values.size());
      sum += bad * Math.log(bad / good);
    }
    return sum;
  }

  private static double entropy(List<Counted> values) {
    double sum = 0;
    for (Counted value : values) {
      double share = (double) value.bad / value.everyBad;
      sum -= share > 0 ? share * Math.log(share) : 0;
    }
    return sum;
  }

  /**
   * Slices of enough support and risk ratio none of whose parents passes, by risk ratio (DIFF, VLDB
   * 2019).
   */
  private static List<Slice> diff(Incident incident) {
    List<Counted> passing =
        counted(incident.now(), TERMS_AT_MOST).stream()
            .filter(
                counted ->
                    counted.bad >= SUPPORT_AT_LEAST * counted.everyBad
                        && counted.riskRatio() >= RATIO_AT_LEAST)
            .sorted(Comparator.comparingInt(counted -> counted.slice.terms().size()))
            .toList();
    List<Counted> minimal = new ArrayList<>();
    for (Counted counted : passing) {
      Set<Term> terms = new HashSet<>(counted.slice.terms());
      if (minimal.stream().noneMatch(parent -> terms.containsAll(parent.slice.terms()))) {
        minimal.add(counted);
      }
    }
    return ranked(minimal, Counted::riskRatio);
  }

  private static List<Slice> ranked(List<Counted> slices, ToDoubleFunction<Counted> score) {
    return slices.stream()
        .sorted(
            Comparator.comparingDouble((Counted counted) -> -score.applyAsDouble(counted))
                .thenComparing(counted -> counted.slice.toString()))
        .map(Counted::slice)
        .toList();
  }

  private static List<Counted> counted(List<Cell> cells, int terms) {
    Map<Slice, long[]> counts = new HashMap<>();
    long everyBad = 0;
    long every = 0;
    for (Cell cell : cells) {
      everyBad += cell.bad();
      every += cell.all();
      List<Map.Entry<String, Value>> attributes =
          cell.attributes().entrySet().stream().sorted(Map.Entry.comparingByKey()).toList();
      count(cell, attributes, 0, List.of(), terms, counts);
    }
    List<Counted> counted = new ArrayList<>();
    for (Map.Entry<Slice, long[]> entry : counts.entrySet()) {
      counted.add(
          new Counted(entry.getKey(), entry.getValue()[0], entry.getValue()[1], everyBad, every));
    }
    return counted;
  }

  private static void count(
      Cell cell,
      List<Map.Entry<String, Value>> attributes,
      int from,
      List<Term> held,
      int left,
      Map<Slice, long[]> counts) {
    for (int i = from; i < attributes.size() && left > 0; i++) {
      List<Term> larger = new ArrayList<>(held);
      larger.add(new Term(attributes.get(i).getKey(), attributes.get(i).getValue()));
      long[] sums = counts.computeIfAbsent(new Slice(larger), _ -> new long[2]);
      sums[0] += cell.bad();
      sums[1] += cell.all();
      count(cell, attributes, i + 1, larger, left - 1, counts);
    }
  }
}
