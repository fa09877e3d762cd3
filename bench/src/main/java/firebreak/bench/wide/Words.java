package firebreak.bench.wide;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The vocabularies of the text fields that have few values, and how often each word comes. */
final class Words {
  private static final int SLOTS = 1 << 13;

  private static final List<String> NOUNS =
      List.of(
          "boards",
          "queries",
          "datasets",
          "columns",
          "markers",
          "triggers",
          "burn-alerts",
          "slos",
          "teams",
          "members",
          "invoices",
          "usage",
          "results",
          "traces",
          "sessions");
  private static final List<String> VERBS =
      List.of("list", "fetch", "create", "update", "delete", "search", "export", "validate");

  private Words() {}

  static List<String> numbered(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
  }

  static List<String> names() {
    List<String> names = new ArrayList<>();
    VERBS.forEach(verb -> NOUNS.forEach(noun -> names.add(noun + "." + verb)));
    return names;
  }

  static List<String> routes() {
    List<String> routes = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      String noun = NOUNS.get(i % NOUNS.size());
      routes.add("/v2/" + noun + "/{id}/" + VERBS.get(i / NOUNS.size() % VERBS.size()) + i);
    }
    return routes;
  }

  static List<String> hosts(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "ip-10-%d-%d-%d".formatted(i % 4, i / 16, 17 + i * 7 % 230))
        .toList();
  }

  static List<String> pods(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                "worker-%s-%05x"
                    .formatted("%016x".formatted(Dice.mix(1 + i / 3)).substring(0, 9), i))
        .toList();
  }

  /** The words in this order, each about as much rarer as it stands further back. */
  static WideField.Source zipf(int count) {
    short[] slots = new short[SLOTS];
    double sum = IntStream.rangeClosed(1, count).mapToDouble(rank -> 1.0 / rank).sum();
    double reached = 0;
    int slot = 0;
    for (int word = 0; word < count; word++) {
      reached += 1.0 / (word + 1) / sum;
      int end = word == count - 1 ? SLOTS : Math.max(slot + 1, (int) Math.round(reached * SLOTS));
      while (slot < Math.min(end, SLOTS)) {
        slots[slot++] = (short) word;
      }
    }
    return moment -> slots[moment.dice.below(SLOTS)];
  }

  /** The words all alike. */
  static WideField.Source even(int count) {
    return moment -> moment.dice.below(count);
  }
}
