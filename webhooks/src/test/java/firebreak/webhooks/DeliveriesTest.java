package firebreak.webhooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.deploytracker.Change;
import firebreak.deploytracker.ChangeLog;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.TimeRange;
import firebreak.webhooks.Stories.Story;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Deliveries late, repeated, lost, out of order and forged: what is known in the end is what was
 * truly said, and nothing else.
 */
class DeliveriesTest {
  private static final long SEED = 16;
  private static final int HISTORIES = 10_000;
  private static final Instant NOW = Instant.parse("2026-03-01T13:00:00Z");
  private static final TimeRange ALWAYS =
      new TimeRange(Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"));
  private static final List<String> SECRETS = List.of("the next one", Mail.SECRET);
  private static final Map<String, List<String>> CONFIGURED =
      Map.of(
          "github", SECRETS,
          "circleci", SECRETS,
          "buildkite", SECRETS,
          "gitlab", List.of(Mail.SECRET, Letter.GITLAB_KEY),
          "launchdarkly", SECRETS,
          "alertmanager", SECRETS,
          "cdevents", SECRETS);

  /** An inbox of its own and what it knows. */
  private record House(ChangeLog log, Inbox inbox) {
    static House open() {
      ChangeLog log = new ChangeLog(EventStore.inMemory());
      return new House(log, new Inbox(log, Mail.NO_TRACES, CONFIGURED));
    }

    List<Change> known() {
      return log.changes(ALWAYS);
    }
  }

  @Test
  void everyStoryIsBelievedAndTellsOfSomething() {
    for (Story story : Stories.all()) {
      House house = House.open();
      for (Letter letter : story.letters(Mail.SECRET)) {
        Receipt receipt = house.inbox.receive(letter.delivery(), NOW);
        assertFalse(receipt instanceof Receipt.Rejected, () -> receipt + " for " + letter);
        assertFalse(receipt instanceof Receipt.Ignored, () -> receipt + " for " + letter);
      }
      assertFalse(house.known().isEmpty(), story.name());
    }
  }

  @Test
  void everyOrderOfAStoryEndsInOneState() {
    int orders = 0;
    for (Story story : Stories.ofEachSender()) {
      List<Delivery> said = story.letters(Mail.SECRET).stream().map(Letter::delivery).toList();
      List<Change> expected = told(said);
      int[] indexes = new int[said.size()];
      for (int i = 0; i < indexes.length; i++) {
        indexes[i] = i;
      }
      do {
        List<Delivery> order = new ArrayList<>();
        for (int index : indexes) {
          order.add(said.get(index));
        }
        assertEquals(expected, told(order), () -> story.name() + " in another order");
        orders++;
      } while (next(indexes));
    }
    assertTrue(orders > 20_000, "orders tried: " + orders);
  }

  @Test
  void whateverIsShuffledRepeatedLostAndForgedTheTruthRemains() {
    Random random = new Random(SEED);
    List<Story> stories = new ArrayList<>(Stories.all());
    Map<List<Letter>, List<Change>> truths = new HashMap<>();
    int forged = 0;
    for (int history = 0; history < HISTORIES; history++) {
      List<Letter> sent = new ArrayList<>();
      List<Letter> all = new ArrayList<>();
      List<Change> expected = new ArrayList<>();
      for (Story story : two(stories, random)) {
        List<Letter> letters = story.letters(Mail.SECRET);
        List<Letter> kept = letters.stream().filter(_ -> random.nextInt(100) >= 20).toList();
        all.addAll(letters);
        sent.addAll(kept);
        kept.stream()
            .filter(_ -> random.nextInt(4) == 0)
            .forEach(letter -> sent.add(letter.with("x-github-delivery", "again")));
        expected.addAll(truths.computeIfAbsent(kept, DeliveriesTest::toldBy));
      }
      expected.sort(Comparator.comparing(Change::time).thenComparing(change -> change.id()));
      Map<Letter, Boolean> forgeries = new HashMap<>();
      for (int i = 0; i < 6; i++) {
        Letter forgery = forgery(all.get(random.nextInt(all.size())), random);
        forgeries.put(forgery, true);
        sent.add(forgery);
      }
      Collections.shuffle(sent, random);
      House house = House.open();
      for (Letter letter : sent) {
        Receipt receipt = house.inbox.receive(letter.delivery(), NOW);
        if (forgeries.containsKey(letter)) {
          Receipt.Rejected rejected =
              assertInstanceOf(Receipt.Rejected.class, receipt, () -> "believed " + letter);
          assertEquals(401, rejected.status(), rejected.why());
          forged++;
        }
      }
      assertEquals(expected, house.known(), "seed " + SEED + ", history " + history);
    }
    assertEquals(HISTORIES * 6, forged);
  }

  /** Two that tell of different things. */
  private static List<Story> two(List<Story> stories, Random random) {
    Collections.shuffle(stories, random);
    Story first = stories.getFirst();
    return List.of(
        first,
        stories.stream()
            .filter(other -> !other.sender().equals(first.sender()))
            .findFirst()
            .orElseThrow());
  }

  private static List<Change> toldBy(List<Letter> letters) {
    return told(letters.stream().map(Letter::delivery).toList());
  }

  /** What is known after these, each told once. */
  private static List<Change> told(List<Delivery> said) {
    House house = House.open();
    said.forEach(delivery -> house.inbox.receive(delivery, NOW));
    return house.known();
  }

  /** The letter as somebody would send it who does not have the secret. */
  private static Letter forgery(Letter letter, Random random) {
    String proof =
        switch (letter.sender()) {
          case "github" -> "x-hub-signature-256";
          case "launchdarkly" -> "x-ld-signature";
          case "circleci" -> "circleci-signature";
          case "buildkite" ->
              letter.headers().containsKey("x-buildkite-token")
                  ? "x-buildkite-token"
                  : "x-buildkite-signature";
          case "gitlab" ->
              letter.headers().containsKey("x-gitlab-token")
                  ? "x-gitlab-token"
                  : "webhook-signature";
          default -> "authorization";
        };
    String value = letter.headers().getOrDefault(proof, "");
    boolean isToken = proof.endsWith("token") || proof.equals("authorization");
    return switch (random.nextInt(isToken ? 7 : 10)) {
      case 0 -> letter.without(proof);
      case 1 -> letter.with(proof, "");
      case 2 -> letter.with(proof, value.substring(0, value.length() - 1));
      case 3 -> letter.with(proof, value + "," + value);
      case 4 -> letter.with(proof, value + "0");
      case 5 -> letter.with(proof, value.replace(Mail.SECRET, "guessed").replace('=', '~') + "~");
      case 6 -> letter.without(proof).with("x-signature", Mail.hex(letter.body(), Mail.SECRET));
      case 7 -> letter.saying(letter.body().replaceFirst("e", "E"));
      case 8 -> letter.saying(letter.body() + " ");
      default -> letter.with(proof, signedByAStranger(letter, proof));
    };
  }

  private static String signedByAStranger(Letter letter, String proof) {
    String hex = Mail.hex(letter.body(), "guessed");
    return switch (proof) {
      case "x-hub-signature-256" -> "sha256=" + hex;
      case "circleci-signature" -> "v1=" + hex;
      case "x-buildkite-signature" ->
          "timestamp=1772366400,signature=" + Mail.hex("1772366400." + letter.body(), "guessed");
      case "webhook-signature" ->
          "v1,"
              + Base64.getEncoder()
                  .encodeToString(
                      // Signed with the text of the key, not with what it encodes.
                      Signature.sign(
                          Mail.bytes("id-1.1772366400." + letter.body()), Letter.GITLAB_KEY));
      default -> hex;
    };
  }

  /** The next permutation in order; false after the last. */
  private static boolean next(int[] indexes) {
    int i = indexes.length - 2;
    while (i >= 0 && indexes[i] > indexes[i + 1]) {
      i--;
    }
    if (i < 0) {
      return false;
    }
    int j = indexes.length - 1;
    while (indexes[j] < indexes[i]) {
      j--;
    }
    swap(indexes, i, j);
    for (int a = i + 1, b = indexes.length - 1; a < b; a++, b--) {
      swap(indexes, a, b);
    }
    return true;
  }

  private static void swap(int[] indexes, int a, int b) {
    int kept = indexes[a];
    indexes[a] = indexes[b];
    indexes[b] = kept;
  }
}
