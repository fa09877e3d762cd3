package firebreak.webhooks;

import firebreak.deploytracker.BuildSpan;
import firebreak.deploytracker.Change;
import firebreak.deploytracker.ChangeLog;
import firebreak.deploytracker.github.GitHubSubject;
import firebreak.webhooks.Sender.Told;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes what other tools send: verified, parsed, de-duplicated, recorded as changes.
 *
 * <p>It only records. Nothing is decided or done on the word of a payload, which is a hint: {@link
 * #settle} takes what the sender's API says of the same.
 */
public final class Inbox {

  /** GitHub's own limit for a payload. */
  public static final int BODY_BYTES_AT_MOST = 25 * 1024 * 1024;

  private static final SortedMap<String, Sender> SENDERS =
      senders(
          new Alertmanager(),
          new Buildkite(),
          new CdEvents(),
          new CircleCi(),
          new GitHub(),
          new GitLab(),
          new LaunchDarkly());

  private final ChangeLog log;
  private final Consumer<List<BuildSpan>> traces;
  private final Map<String, List<String>> secrets = new HashMap<>();
  private final RecentDeliveries recent = new RecentDeliveries();
  private volatile @Nullable Consumer<GateRequest> gate;
  private volatile Consumer<GitHubSubject> look = _ -> {};

  /**
   * @param traces keeps the parts of builds, on disk when it returns
   * @param secrets of each sender, the new one beside the old while they are being changed; a
   *     sender without any is turned away
   */
  public Inbox(ChangeLog log, Consumer<List<BuildSpan>> traces, Map<String, List<String>> secrets) {
    this.log = log;
    this.traces = traces;
    secrets.forEach(
        (sender, of) -> {
          if (!SENDERS.containsKey(sender)) {
            throw new IllegalArgumentException(
                "webhooks.%s: no such sender, there are %s".formatted(sender, SENDERS.keySet()));
          }
          if (of.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException(key(sender) + " has an empty secret");
          }
          this.secrets.put(sender, List.copyOf(of));
        });
  }

  /**
   * From now on hands over who waits for leave to deploy.
   *
   * @param keeper has written it down when it returns
   */
  public void onGate(Consumer<GateRequest> keeper) {
    gate = keeper;
  }

  /**
   * From now on hands over what GitHub's deliveries spoke of, once it is recorded.
   *
   * @param next quick: whoever delivers waits for it
   */
  public void onSpokenOf(Consumer<GitHubSubject> next) {
    look = next;
  }

  /**
   * Takes what GitHub's API says, which stands whatever its deliveries told.
   *
   * @param event the webhook whose payload it could be
   * @param asOf when it came to be as it is, by GitHub's clock
   * @param insists whether it stands even where something was told that ended later
   * @return empty where it tells of no change
   * @throws IllegalArgumentException if it is not what GitHub's documentation says
   */
  public Optional<ChangeLog.Settled> settle(
      String event, byte[] body, Instant asOf, boolean insists, Instant now) {
    Sender sender = new GitHub();
    Delivery said = new Delivery(sender.name(), Map.of("x-github-event", event), body);
    return settle(sender.read(said, now), asOf, insists);
  }

  private Optional<ChangeLog.Settled> settle(Told told, Instant asOf, boolean insists) {
    return switch (told) {
      case Told.About about -> settle(about.told(), asOf, insists);
      case Told.Changes changes -> {
        ChangeLog.Settled became = log.settle(changes.changes().getFirst(), asOf, insists);
        if (became != ChangeLog.Settled.BEHIND) {
          traces.accept(changes.spans());
        }
        yield Optional.of(became);
      }
      case Told.Nothing _ -> Optional.empty();
      case Told.Asks _ -> Optional.empty();
    };
  }

  /**
   * Takes one delivery; when it returns {@link Receipt.Recorded}, what the delivery told is on
   * disk. An I/O error is thrown, and the sender's next try is as good as its first.
   */
  public Receipt receive(Delivery delivery, Instant now) {
    if (delivery.body().length > BODY_BYTES_AT_MOST) {
      return new Receipt.Rejected(
          413,
          "a body may have %d bytes, had %d".formatted(BODY_BYTES_AT_MOST, delivery.body().length));
    }
    @Nullable Sender sender = SENDERS.get(delivery.sender());
    if (sender == null) {
      return new Receipt.Rejected(
          400, "no sender \"%s\", there are %s".formatted(delivery.sender(), SENDERS.keySet()));
    }
    @Nullable Receipt turnedAway = verify(sender, delivery);
    if (turnedAway != null) {
      return turnedAway;
    }
    return take(sender, delivery, now);
  }

  /**
   * Takes what the sender would have sent, read from its own API where a delivery was missed: who
   * answered was asked by name and over its own connection, so no signature is wanted.
   *
   * @throws IllegalArgumentException if there is no such sender
   */
  public Receipt read(String name, byte[] body, Instant now) {
    @Nullable Sender sender = SENDERS.get(name);
    if (sender == null) {
      throw new IllegalArgumentException("no sender \"%s\"".formatted(name));
    }
    return take(sender, new Delivery(name, Map.of(), body), now);
  }

  private Receipt take(Sender sender, Delivery delivery, Instant now) {
    String hash = RecentDeliveries.hash(delivery);
    if (recent.contains(hash)) {
      return new Receipt.Duplicate();
    }
    try {
      return take(sender.read(delivery, now), hash);
    } catch (IllegalArgumentException e) {
      return new Receipt.Rejected(400, String.valueOf(e.getMessage()));
    }
  }

  private Receipt take(Told told, String hash) {
    return switch (told) {
      case Told.Nothing nothing -> new Receipt.Ignored(nothing.why());
      case Told.Changes changes -> record(changes, hash);
      case Told.Asks asks -> ask(asks.request(), hash);
      case Told.About about -> {
        Receipt receipt = take(about.told(), hash);
        look.accept(about.subject());
        yield receipt;
      }
    };
  }

  private @Nullable Receipt verify(Sender sender, Delivery delivery) {
    List<String> known = secrets.getOrDefault(sender.name(), List.of());
    String key = key(sender.name());
    if (known.isEmpty()) {
      return new Receipt.Rejected(
          401, "%s sends webhooks only once %s is configured".formatted(sender.name(), key));
    }
    if (sender.isSigned(delivery, known)) {
      return null;
    }
    List<String> sent =
        sender.signatureHeaders().stream()
            .filter(header -> !delivery.header(header).isEmpty())
            .toList();
    return new Receipt.Rejected(
        401,
        sent.isEmpty()
            ? "the header %s is missing: give the webhook a secret that %s has"
                .formatted(String.join(" or ", sender.signatureHeaders()), key)
            : "the header %s is not a signature of this body under a secret of %s"
                .formatted(String.join(" and ", sent), key));
  }

  private Receipt record(Told.Changes told, String hash) {
    traces.accept(told.spans());
    boolean news = !told.spans().isEmpty();
    for (Change change : told.changes()) {
      news |= log.record(change);
    }
    recent.add(hash);
    return news ? new Receipt.Recorded(told.changes()) : new Receipt.Duplicate();
  }

  private Receipt ask(GateRequest request, String hash) {
    Consumer<GateRequest> keeper = gate;
    if (keeper == null) {
      return new Receipt.Ignored("nobody answers it: put gate under github.tell");
    }
    keeper.accept(request);
    recent.add(hash);
    return new Receipt.Recorded(List.of());
  }

  private static String key(String sender) {
    return "webhooks." + sender + ".secrets";
  }

  private static SortedMap<String, Sender> senders(Sender... senders) {
    SortedMap<String, Sender> byName = new TreeMap<>();
    for (Sender sender : senders) {
      byName.put(sender.name(), sender);
    }
    return byName;
  }
}
