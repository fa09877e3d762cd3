package firebreak.webhooks;

import firebreak.deploytracker.BuildSpan;
import firebreak.deploytracker.Change;
import firebreak.deploytracker.github.GitHubSubject;
import java.time.Instant;
import java.util.List;

/** A tool that sends webhooks: how it signs and what its payloads tell. Holds no state. */
sealed interface Sender
    permits Alertmanager, Buildkite, CdEvents, CircleCi, GitHub, GitLab, LaunchDarkly {

  /** As in the path and in the configuration. */
  String name();

  /** The headers that may carry the signature, or what stands in for one; the best first. */
  List<String> signatureHeaders();

  /** Whether the delivery is signed with one of the secrets. */
  boolean isSigned(Delivery delivery, List<String> secrets);

  /**
   * Reads a verified delivery.
   *
   * @param now the time of a change whose payload names none
   * @throws IllegalArgumentException if it is not what the sender's documentation says, naming the
   *     field
   */
  Told read(Delivery delivery, Instant now);

  /** What a payload tells. */
  sealed interface Told {

    /**
     * These changes.
     *
     * @param spans parts of builds that are over
     */
    record Changes(List<Change> changes, List<BuildSpan> spans) implements Told {
      Changes(List<Change> changes) {
        this(changes, List.of());
      }
    }

    /** Nothing that is kept, but somebody waits for an answer. */
    record Asks(GateRequest request) implements Told {}

    /** The same, of something that its source can be asked about again. */
    record About(GitHubSubject subject, Told told) implements Told {}

    /** Nothing that is kept. */
    record Nothing(String why) implements Told {}

    static Told change(Change change) {
      return new Changes(List.of(change));
    }

    static Told change(Change change, List<BuildSpan> spans) {
      return new Changes(List.of(change), spans);
    }

    static Told change(GitHubSubject subject, Change change) {
      return new About(subject, change(change));
    }

    static Told change(GitHubSubject subject, Change change, List<BuildSpan> spans) {
      return new About(subject, change(change, spans));
    }
  }
}
