package firebreak.bench.accuracy;

import firebreak.bubbleup.Term;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** A set of attribute values, in no order: what a ranker names and a label says. */
record Slice(List<Term> terms) {
  private static final Comparator<Term> BY_FIELD =
      Comparator.comparing(Term::field).thenComparing(Term::value);

  Slice {
    TreeSet<Term> sorted = new TreeSet<>(BY_FIELD);
    sorted.addAll(terms);
    terms = List.copyOf(sorted);
  }
}
