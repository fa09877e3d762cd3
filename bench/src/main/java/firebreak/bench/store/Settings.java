package firebreak.bench.store;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is to be measured.
 *
 * @param peers the names of the others
 * @param questions parts of titles; only questions that have one are asked, all where none is given
 * @param openSearchEvents how many events OpenSearch gets, the first ones of all; its times are
 *     then multiplied, and marked
 * @param sizes the numbers of events that the growth of costs is measured by
 * @param home the folder of the bench module, where the peers' programs are
 * @param folder where the stores lie while it runs
 * @param json where the results go too
 */
public record Settings(
    long events,
    long seed,
    int rounds,
    List<String> peers,
    List<String> questions,
    long openSearchEvents,
    List<Long> sizes,
    Path home,
    Path folder,
    @Nullable Path json,
    String command) {
  public static final List<String> PEERS =
      List.of("duckdb", "duckdb_tuned", "clickhouse", "opensearch");

  public Settings {
    peers = List.copyOf(peers);
    questions = List.copyOf(questions);
    sizes = List.copyOf(sizes);
    for (String peer : peers) {
      if (!PEERS.contains(peer)) {
        throw new IllegalArgumentException(
            "there is no peer '%s'; there are %s".formatted(peer, String.join(", ", PEERS)));
      }
    }
    if (events < 1_000 || rounds < 1) {
      throw new IllegalArgumentException(
          "it takes at least 1,000 events and one round, were %d and %d".formatted(events, rounds));
    }
  }

  /** The questions that are asked. */
  List<Question> asked() {
    return Stream.of(Question.values())
        .filter(
            question ->
                questions.isEmpty() || questions.stream().anyMatch(question.title()::contains))
        .toList();
  }
}
