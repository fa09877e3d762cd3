package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.deploytracker.FieldRoles;
import firebreak.eventstore.Durability;
import firebreak.guard.Mode;
import firebreak.server.Config.FlagSource;
import firebreak.webhooks.outgoing.Destination;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "SLACK",
          "https://hooks.example/x",
          "HOOK",
          "from env",
          "LD",
          "sdk-1",
          "GITHUB_TOKEN",
          "ghp",
          "EMPTY",
          " ");

  @TempDir Path folder;

  private Config read(String yaml) throws IOException {
    Path file = folder.resolve("firebreak.yaml");
    Files.writeString(file, yaml);
    return ConfigReader.read(file, ENVIRONMENT);
  }

  private String failure(String yaml) {
    ConfigException e = assertThrows(ConfigException.class, () -> read(yaml));
    return String.valueOf(e.getMessage());
  }

  @Test
  void startsWithoutAnyConfiguration() {
    Config config = ConfigReader.defaults(Map.of());

    assertEquals(new Config.Listen("127.0.0.1", 8080), config.listen());
    assertEquals(Path.of("data"), config.data());
    assertEquals(Mode.WATCH, config.guard().mode());
    assertTrue(config.guard().contrast());
    assertEquals(FieldRoles.DEFAULT, config.fields());
    assertInstanceOf(FlagSource.None.class, config.flags());
    assertEquals(List.of(), config.keys());
  }

  @Test
  void readsEveryKeyThatIsDocumented() throws IOException {
    Files.writeString(folder.resolve("ci.key"), "s3cret\n");
    Files.writeString(folder.resolve("flags.json"), "{}");
    Files.createDirectory(folder.resolve("slos"));
    Config config =
        read(
            """
            listen: 0.0.0.0:8081
            otlp: {http: 4318, grpc: 4317}
            data: ./elsewhere
            store:
              retention: 30d
              durability: fast
              memory: 32m
              datasets:
                query-api: {retention: 7d}
                "batch jobs": {durability: durable}
            records: jdbc:sqlite:./data/records.db
            keys: [{name: ci, secret: {file: ./ci.key}, scopes: [ingest, "slo:write"], trusted: true}]
            slos: ./slos
            flags: {file: ./flags.json}
            github: {api: "https://git.example/api/v3", repositories: [owner/name]}
            webhooks: {github: {secrets: [{env: HOOK}, {file: ci.key}]}}
            fields:
              service: [service.name]
              environment: [env]
              build: [build_id, service.version]
              unit: [{field: team_id, context: team}]
              host: [host.name]
            guard: {mode: ask, eligible: ["short-cache", "beta-*"], contrast: false, limits: {toggles_per_hour: 2, settle: 45s}}
            notify:
              - slack: {url: {env: SLACK}}
              - pagerduty: {routing_key: {env: HOOK}}
              - alertmanager: {url: {env: SLACK}}
              - webhook: {url: {env: SLACK}, secret: {env: HOOK}}
            outgoing: {allow: ["10.0.0.5:9093", hooks.internal], public_url: "https://fb.example"}
            """);

    assertEquals(new Config.Listen("0.0.0.0", 8081), config.listen());
    assertEquals(List.of(4318, 4317), config.otlpPorts());
    assertEquals(folder.resolve("elsewhere"), config.data());
    Config.Keeping keeping = new Config.Keeping(Duration.ofDays(30), Durability.FAST);
    Config.Keeping shorter = new Config.Keeping(Duration.ofDays(7), Durability.FAST);
    Config.Keeping safer = new Config.Keeping(Duration.ofDays(30), Durability.DURABLE);
    assertEquals(
        new Config.Store(keeping, 32 << 20, Map.of("query-api", shorter, "batch jobs", safer)),
        config.store());
    assertEquals(shorter, config.store().of("query-api"));
    assertEquals(keeping, config.store().of("another"));
    assertTrue(config.github().covers("owner/name") && !config.github().covers("other/name"));
    assertEquals(Set.of(), config.github().tells());
    assertEquals(new Config.RecordsAt.Sqlite(folder.resolve("data/records.db")), config.records());
    Access.Principal key = config.keys().getFirst();
    assertTrue(key.trusted() && key.may(Scope.SLO_WRITE) && !key.may(Scope.QUERY), key.toString());
    assertEquals(new FlagSource.File(folder.resolve("flags.json")), config.flags());
    assertEquals(URI.create("https://git.example/api/v3"), config.github().api());
    assertEquals(new Secret("ghp"), config.github().token());
    assertEquals(
        List.of(new Secret("from env"), new Secret("s3cret")), config.webhooks().get("github"));
    assertEquals(List.of(new FieldRoles.Unit("team_id", "team")), config.fields().unit());
    assertEquals(Mode.ASK, config.guard().mode());
    assertFalse(config.guard().contrast());
    assertEquals(2, config.guard().limits().togglesPerHour());
    assertEquals(Duration.ofSeconds(45), config.guard().limits().settle());
    assertEquals(6, config.guard().limits().togglesPerDay());
    Secret url = new Secret("https://hooks.example/x");
    Secret secret = new Secret("from env");
    assertEquals(
        List.of(
            new Config.Notification.Slack(url),
            new Config.Notification.PagerDuty(secret, Destination.PagerDuty.USUAL),
            new Config.Notification.Alertmanager(url),
            new Config.Notification.Webhook(url, secret)),
        config.notifications());
    assertEquals(List.of("10.0.0.5:9093", "hooks.internal"), config.outgoing().allow());
    assertEquals("https://fb.example/", config.base());
  }

  @Test
  void readsWhereRecordsLie() throws IOException {
    assertEquals(
        new Config.RecordsAt.Postgres("jdbc:postgresql://db/firebreak", "", null),
        read("records: jdbc:postgresql://db/firebreak").records());
    assertEquals(
        new Config.RecordsAt.Postgres(
            "jdbc:postgresql://db/firebreak", "me", new Secret("from env")),
        read("records: {url: \"jdbc:postgresql://db/firebreak\", user: me, password: {env:"
                + " HOOK}}")
            .records());
    assertTrue(
        failure("records: jdbc:postgresql://db/x?password=canary").contains("holds a password"));
    assertTrue(failure("records: mysql://db").contains("starts with jdbc:sqlite: or jdbc:post"));
    assertTrue(
        failure("records: {url: \"jdbc:sqlite:a.db\", user: me}").contains("for PostgreSQL"));
  }

  @Test
  void refusesDestinationsThatCannotBeTold() {
    String failure = failure("data: x\nnotify: [{slack: {url: {env: HOOK}}}]");
    assertTrue(failure.contains("notify.slack.url holds no web address"), failure);
    assertTrue(!failure.contains("from env"), failure);
    assertTrue(failure("notify: [{email: {}}]").contains("is one of slack, pagerduty"));
    assertTrue(failure("notify: [{slack: {}}]").contains("notify.slack.url is missing"));
    assertTrue(failure("outgoing: {allow: [\"http://x\"]}").contains("a host, or HOST:PORT"));
  }

  @Test
  void readsLaunchDarklyWithItsSecretsFromTheEnvironment() throws IOException {
    Config config = read("flags: {launchdarkly: {project: p, environment: e, sdk_key: {env: LD}}}");

    var vendor = assertInstanceOf(FlagSource.LaunchDarkly.class, config.flags());
    assertEquals("p", vendor.project());
    assertEquals(new Secret("sdk-1"), vendor.sdkKey());
    assertNull(vendor.token());
  }

  @Test
  void readsAFileOfFlagds() throws IOException {
    Files.writeString(folder.resolve("flagd.json"), "{}");
    Config config = read("flags: {flagd: {file: flagd.json, attributes: {customer: customerId}}}");

    assertEquals(
        new FlagSource.Flagd(folder.resolve("flagd.json"), Map.of("customer", "customerId")),
        config.flags());
  }

  @Test
  void looksForLaunchDarklysOwnVariables() {
    Config config =
        ConfigReader.defaults(Map.of("LAUNCHDARKLY_SDK_KEY", "sdk-2", "LD_ACCESS_TOKEN", "api-2"));

    var vendor = assertInstanceOf(FlagSource.LaunchDarkly.class, config.flags());
    assertEquals(new Secret("sdk-2"), vendor.sdkKey());
    assertEquals(new Secret("api-2"), vendor.token());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'data: x\nlisen: 127.0.0.1:1' | firebreak.yaml:2: unknown key 'lisen'; did you mean 'listen'?",
        "'guard:\n  mode: watch\n  limts: {}' | :3: unknown key 'guard.limts'; did you mean 'guard.limits'?",
        "'guard: {limits: {toggles_per_our: 1}}' | did you mean 'guard.limits.toggles_per_hour'?",
        "'webhooks: {github: {secret: [{env: HOOK}]}}' | did you mean 'webhooks.github.secrets'?",
        "'zzzzzz: 1' | unknown key 'zzzzzz'; known here: listen, otlp,",
        "'guard: {mode: wach}' | guard.mode: one of act, ask, watch, was 'wach'",
        "'listen: 8080' | listen: an address is HOST:PORT, was '8080'",
        "'listen: 0.0.0.0:8080' | without keys anyone could write and act",
        "'store: {retention: soon}' | :1: store.retention: a duration is a number and",
        "'store: {memory: 2x}' | a size is a number and k, m or g",
        "'store: {memory: 999999g}' | store.memory: between 16m and half of the Java heap, which has",
        "'store: {memory: 1m}' | store.memory: between 16m and half",
        "'store: {retention: 10m}' | store.retention: events are kept between 1h and 36500d, was '10m'",
        "'store: {durability: sometimes}' | store.durability: one of durable, fast, was 'sometimes'",
        "'store: {datasets: {a: {retenion: 1d}}}' | did you mean 'store.datasets.a.retention'?",
        "'store: {datasets: {firebreak.changes: {retention: 1d}}}' | store names under datasets: dataset 'firebreak.changes': names that start with firebreak. are reserved",
        "'store: {datasets: {a: {memory: 1g}}}' | unknown key 'store.datasets.a.memory'",
        "'keys: [{name: a, secret: plain}]' | keys.secret is a secret: write {env: NAME} or {file: PATH}",
        "'keys: [{name: a, secret: {env: NOPE}}]' | the environment has no NOPE",
        "'keys: [{name: a, secret: {file: nope.key}}]' | cannot read",
        "'keys: [{name: a, secret: {env: EMPTY}}]' | keys.secret is empty",
        "'keys: [{name: a, secret: {env: HOOK}, scopes: [ingst]}]' | unknown scope 'ingst'",
        "'keys: [{name: a, secret: {env: HOOK}}, {name: a, secret: {env: LD}}]' | the name 'a' twice",
        "'flags: {file: nope.json}' | flags names a file that cannot be read",
        "'flags: {flagd: {file: nope.json}}' | flags names a file that cannot be read",
        "'flags: {flagd: {}}' | flags.flagd.file is missing",
        "'flags: {file: a.json, flagd: {file: b.json}}' | flags.flagd and a file exclude each other",
        "'slos: nope' | slos is not a folder",
        "'data: [1]' | data is a single value",
        "'data: a\ndata: b' | ",
        "'- a' | the configuration is a mapping",
        "'a: [' | not well-formed YAML",
        "'guard: watch' | guard holds keys of its own",
        "'github: {repositories: [name]}' | a repository is OWNER/NAME",
        "'github: {api: \"ftp://x\"}' | an address starts with https://",
        "'github: {tell: [comment]}' | github.tell needs repositories",
        "'github: {redeliver: true}' | github.redeliver needs repositories or organisations, and a token or an app",
        "'github: {token: {env: HOOK}, organisations: [acme]}' | github.organisations are those whose webhooks redeliver looks through",
        "'github: {tell: [shout], repositories: [a/b]}' | github.tell: one of check, comment, deployment, gate, was 'shout'",
        "'github: {app: {id: 5, installation: 6, key: {env: HOOK}}}' | github.app.key the App's key must be an RSA private key",
        "'github: {token: {env: HOOK}, app: {id: 5, installation: 6, key: {env: HOOK}}}' | github.app",
      })
  void saysInOneLineWhereAndWhatIsWrong(String yaml, String expected) {
    String message = failure(yaml);

    assertTrue(message.contains(expected == null ? "firebreak.yaml:2" : expected), message);
    assertTrue(message.contains("firebreak.yaml:"), message);
    assertEquals(1, message.lines().count(), message);
  }

  @Test
  void showsNoSecret() throws IOException {
    Config config = read("webhooks: {github: {secrets: [{env: HOOK}]}}");

    assertTrue(!config.toString().contains("from env"), config.toString());
    assertTrue(!config.toString().contains("ghp"), config.toString());
  }

  @Test
  void letsTheCommandLineHaveTheLastWord() {
    Config config = ConfigReader.defaults(Map.of()).with(9, Path.of("d"));

    assertEquals(new Config.Listen("127.0.0.1", 9), config.listen());
    assertEquals(Path.of("d"), config.data());
  }
}
