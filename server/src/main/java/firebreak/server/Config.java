package firebreak.server;

import firebreak.deploytracker.ChangeLog;
import firebreak.deploytracker.FieldRoles;
import firebreak.deploytracker.github.GitHubCredential;
import firebreak.eventstore.Durability;
import firebreak.eventstore.StoreSettings;
import firebreak.guard.Limits;
import firebreak.guard.Mode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the operator decides; {@link ConfigReader} reads it from a YAML file and has the defaults.
 *
 * @param records where records lie
 * @param slos the folder of the OpenSLO files
 * @param deliverySlos whether the objectives of delivery exist by themselves
 * @param webhooks the secrets of each sender
 */
record Config(
    Listen listen,
    List<Integer> otlpPorts,
    Path data,
    Store store,
    RecordsAt records,
    List<Access.Principal> keys,
    Path slos,
    boolean deliverySlos,
    FlagSource flags,
    GitHub github,
    Map<String, List<Secret>> webhooks,
    FieldRoles fields,
    Guarding guard,
    List<Notification> notifications,
    Outgoing outgoing) {

  Config {
    otlpPorts = List.copyOf(otlpPorts);
    keys = List.copyOf(keys);
    webhooks = Map.copyOf(webhooks);
    notifications = List.copyOf(notifications);
  }

  /** The address of the service; port 0 picks a free one. */
  record Listen(String host, int port) {}

  /**
   * How events are kept.
   *
   * @param memoryBytes how much the store may hold in memory; zero leaves it to the store
   * @param datasets the datasets for which something else holds
   */
  record Store(Keeping keeping, long memoryBytes, Map<String, Keeping> datasets) {
    static final Duration RETENTION_AT_LEAST = Duration.ofHours(1);
    static final Duration RETENTION_AT_MOST = Duration.ofDays(36_500);
    static final long MEMORY_AT_LEAST = 16 << 20;
    static final Store DEFAULT = new Store(Keeping.DEFAULT, 0, Map.of());

    Store {
      datasets = Map.copyOf(datasets);
    }

    /**
     * The same for the store. Of the memory, half is for events that are not in part files yet and
     * half for columns that are. Firebreak's own history is durable whatever holds for events.
     */
    StoreSettings settings() {
      StoreSettings settings = StoreSettings.defaults().withDurability(keeping.durability());
      if (memoryBytes > 0) {
        settings =
            settings
                .withCacheBytes(memoryBytes / 2)
                .withMemoryBytes(memoryBytes / 2)
                .withSealBytes(Math.min(settings.sealBytes(), memoryBytes / 8));
      }
      for (Map.Entry<String, Keeping> dataset : datasets.entrySet()) {
        settings = settings.withDurability(dataset.getKey(), dataset.getValue().durability());
      }
      return settings.withDurability(ChangeLog.DATASET, Durability.DURABLE);
    }

    /** What holds for the dataset. */
    Keeping of(String dataset) {
      return datasets.getOrDefault(dataset, keeping);
    }
  }

  /** For how long events are kept, and what their acknowledgement promises. */
  record Keeping(Duration retention, Durability durability) {
    static final Keeping DEFAULT = new Keeping(Duration.ofDays(60), Durability.DURABLE);
  }

  /** Where flags are read and changed. */
  sealed interface FlagSource {
    record None() implements FlagSource {}

    record File(Path path) implements FlagSource {}

    /** A file of flagd's, and the attribute that holds a key, by kind of context. */
    record Flagd(Path path, Map<String, String> attributes) implements FlagSource {
      public Flagd {
        attributes = Map.copyOf(attributes);
      }
    }

    /** Without an SDK key flags are not followed, without a token not changed. */
    record LaunchDarkly(
        String project,
        String environment,
        @Nullable Secret sdkKey,
        @Nullable Secret token,
        @Nullable URI baseUri,
        @Nullable URI streamUri)
        implements FlagSource {}
  }

  /**
   * Where commits are read, by whom, and what GitHub is told.
   *
   * @param api null for GitHub's own
   * @param token null with an App, or to ask as nobody
   * @param repositories that are asked about and told of; without any, all may be asked about once
   *     there is an address, a token or an App
   * @param tells what is told; nothing unless it is said
   * @param organisations whose own webhooks are looked through as well
   * @param redeliver whether GitHub is asked to send again what was not taken
   */
  record GitHub(
      @Nullable URI api,
      @Nullable Secret token,
      @Nullable GitHubApp app,
      List<String> repositories,
      List<String> organisations,
      Set<Tell> tells,
      boolean redeliver) {
    GitHub {
      repositories = List.copyOf(repositories);
      organisations = List.copyOf(organisations);
      tells = Set.copyOf(tells);
    }

    /** Whether GitHub is asked by somebody it may know. */
    boolean isSomebody() {
      return token != null || app != null;
    }

    /** Whether the repository may be asked about. */
    boolean covers(String repository) {
      return repositories.isEmpty()
          ? api != null || isSomebody()
          : repositories.contains(repository);
    }
  }

  /** A GitHub App where it is installed. */
  record GitHubApp(String id, long installation, Secret key, GitHubCredential credential) {}

  /** A thing that GitHub is told. */
  enum Tell {
    COMMENT,
    CHECK,
    DEPLOYMENT,
    GATE
  }

  /**
   * How far the guard may go.
   *
   * @param eligible keys of flags, or beginnings of keys with a star, that it may turn by itself
   * @param contrast whether burns are also found by what a flag's change does to whom it reaches
   */
  record Guarding(Mode mode, List<String> eligible, boolean contrast, Limits limits) {
    Guarding {
      eligible = List.copyOf(eligible);
    }
  }

  /** Where records lie: a SQLite file, or a PostgreSQL database. */
  sealed interface RecordsAt {
    /** In the data folder. */
    record Usual() implements RecordsAt {}

    record Sqlite(Path file) implements RecordsAt {}

    /** A user and a password that are not said here come from where the driver looks for them. */
    record Postgres(String url, String user, @Nullable Secret password) implements RecordsAt {}
  }

  /** Whom to tell of incidents. */
  sealed interface Notification {
    record Slack(Secret url) implements Notification {}

    record PagerDuty(Secret routingKey, URI address) implements Notification {}

    record Alertmanager(Secret url) implements Notification {}

    /** Without a secret, messages are not signed. */
    record Webhook(Secret url, @Nullable Secret secret) implements Notification {}
  }

  /**
   * What messages that leave the house may reach, and how they lead back.
   *
   * @param allow hosts, or hosts with a port, that may be told though they are not on the Internet
   * @param publicUrl where people reach the console; null for the address that is listened on
   */
  record Outgoing(List<String> allow, @Nullable URI publicUrl) {
    Outgoing {
      allow = List.copyOf(allow);
    }
  }

  /** What goes before the path of a page in links. */
  String base() {
    URI url = outgoing.publicUrl();
    return url == null
        ? "http://%s:%d/".formatted(listen.host(), listen.port())
        : url.toString().replaceAll("/*$", "/");
  }

  Config with(@Nullable Integer port, @Nullable Path dataFolder) {
    return new Config(
        port == null ? listen : new Listen(listen.host(), port),
        otlpPorts,
        dataFolder == null ? data : dataFolder,
        store,
        records,
        keys,
        slos,
        deliverySlos,
        flags,
        github,
        webhooks,
        fields,
        guard,
        notifications,
        outgoing);
  }
}
