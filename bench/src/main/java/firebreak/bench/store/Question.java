package firebreak.bench.store;

/** What every store is asked. */
enum Question {
  SELECT("select", "how many events of the last 30 % of the day took more than 2 s"),
  BUBBLEUP(
      "bubbleup unfiltered", "every field of the slow ones against all others, finding included"),
  BUBBLEUP_WITHOUT_IDS(
      "bubbleup without ids",
      "the same, the others without the ids of trace, span and parent; Firebreak with them"),
  BUBBLEUP_FILTERED("bubbleup filtered", "the same, both sides within one service"),
  HEATMAP("heatmap", "120 time buckets by up to 256 bins of duration"),
  GROUP_10K("group by 10k", "count, avg and exact p99 by customer, the 100 largest"),
  GROUP_465K("group by 465k", "the same by user"),
  GROUP_1250K("group by 1.25M", "the same by trace"),
  SERIES("series by service", "count and p99 of the 10 largest services in 120 buckets"),
  FILTERED_COUNT("filtered count", "how many events pass three conditions on text and numbers"),
  HAVING("having and order", "names with more than 1,000 events, the 20 highest p95 first"),
  PATTERNS("patterns", "which of ten terms occur together, among the slow ones and the others"),
  EXPLAIN("explain", "what the slow ones of the day share: single values and up to three together"),
  NEEDLE("one trace", "all spans of a trace, all fields, by its id");

  private final String title;
  private final String meaning;

  Question(String title, String meaning) {
    this.title = title;
    this.meaning = meaning;
  }

  /** The name under which results are published. */
  String title() {
    return title;
  }

  String meaning() {
    return meaning;
  }
}
