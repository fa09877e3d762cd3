package firebreak.server;

import firebreak.deploytracker.FieldRoles;
import firebreak.eventstore.Durability;
import firebreak.guard.Limits;
import firebreak.guard.Mode;
import firebreak.server.Config.FlagSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the configuration file, and says in one line what is wrong with it. */
final class ConfigReader {
  private ConfigReader() {}

  /** What holds without a file; relative paths start at the working directory. */
  static Config defaults(Map<String, String> environment) {
    return parse("", "defaults", Path.of(""), environment);
  }

  static Config read(Path file, Map<String, String> environment) {
    String yaml;
    try {
      yaml = Files.readString(file);
    } catch (IOException e) {
      throw new ConfigException("cannot read the configuration file " + file);
    }
    Path folder = file.toAbsolutePath().getParent();
    return parse(yaml, file.toString(), folder == null ? Path.of("") : folder, environment);
  }

  static Config parse(String yaml, String file, Path folder, Map<String, String> environment) {
    if (!(Setting.read(file, yaml) instanceof Setting.Mapping mapping)) {
      throw new ConfigException(file + ":1: the configuration is a mapping of keys");
    }
    Section root = new Section(new Section.Source(file, folder, environment), "", mapping);
    Config config = config(root);
    root.finish();
    check(config, root);
    return config;
  }

  private static Config config(Section root) {
    Path folder = root.source().folder();
    return new Config(
        root.value("listen", ConfigReader::listen, new Config.Listen("127.0.0.1", 8080)),
        root.section(
            "otlp",
            otlp ->
                Stream.of("http", "grpc")
                    .filter(otlp::has)
                    .map(key -> otlp.count(key, 0))
                    .toList()),
        root.path("data", folder.resolve("data")),
        root.section("store", ConfigReader::store),
        ConfigForRecords.read(root),
        root.sections("keys", ConfigReader::key),
        root.path("slos", folder.resolve("slos")),
        root.bool("delivery_slos", true),
        root.section("flags", ConfigReader::flags),
        root.section("github", ConfigForGitHub::read),
        root.named("webhooks", sender -> sender.secrets("secrets")),
        root.section("fields", ConfigReader::fields),
        root.section("guard", ConfigReader::guard),
        root.sections("notify", ConfigForNotify::notification),
        root.section("outgoing", ConfigForNotify::outgoing));
  }

  private static Config.Listen listen(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon).replaceAll("^\\[|\\]$", "");
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (!host.isEmpty() && port >= 0 && port <= 65_535) {
        return new Config.Listen(host, port);
      }
    } catch (NumberFormatException e) {
      // Said below, as for a port out of range.
    }
    throw new IllegalArgumentException("an address is HOST:PORT, was '" + text + "'");
  }

  private static Config.Store store(Section store) {
    Config.Keeping keeping = keeping(store, Config.Keeping.DEFAULT);
    return new Config.Store(
        keeping,
        store.value("memory", ConfigReader::memory, Config.Store.DEFAULT.memoryBytes()),
        store.named("datasets", dataset -> keeping(dataset, keeping)));
  }

  private static Config.Keeping keeping(Section section, Config.Keeping otherwise) {
    return new Config.Keeping(
        section.value("retention", ConfigReader::retention, otherwise.retention()),
        section.value(
            "durability", text -> choice(Durability.class, text), otherwise.durability()));
  }

  private static Duration retention(String text) {
    Duration retention = Quantities.duration(text);
    if (retention.compareTo(Config.Store.RETENTION_AT_LEAST) < 0
        || retention.compareTo(Config.Store.RETENTION_AT_MOST) > 0) {
      throw new IllegalArgumentException(
          "events are kept between 1h and 36500d, was '" + text + "'");
    }
    return retention;
  }

  private static long memory(String text) {
    long bytes = Quantities.size(text);
    long heap = Runtime.getRuntime().maxMemory();
    if (bytes < Config.Store.MEMORY_AT_LEAST || bytes > heap / 2) {
      throw new IllegalArgumentException(
          "between %dm and half of the Java heap, which has %dm; was '%s'"
              .formatted(Config.Store.MEMORY_AT_LEAST >> 20, heap >> 20, text));
    }
    return bytes;
  }

  private static Access.Principal key(Section key) {
    return Access.Principal.of(
        key.required("name"),
        key.requiredSecret("secret").value(),
        Set.copyOf(key.values("scopes", Scope::parse, List.of(Scope.INGEST))),
        key.bool("trusted", false));
  }

  private static FlagSource flags(Section flags) {
    List<String> named = Stream.of("file", "flagd", "launchdarkly").filter(flags::has).toList();
    if (named.size() > 1) {
      throw flags.error(named.getLast(), "and a " + named.getFirst() + " exclude each other");
    }
    if (named.contains("file")) {
      return new FlagSource.File(flags.path("file", Path.of("")));
    }
    if (named.contains("flagd")) {
      return flags.section("flagd", ConfigReader::flagd);
    }
    boolean fromEnvironment = flags.source().variable("LAUNCHDARKLY_SDK_KEY") != null;
    return named.contains("launchdarkly") || fromEnvironment
        ? flags.section("launchdarkly", ConfigReader::launchDarkly)
        : new FlagSource.None();
  }

  private static FlagSource flagd(Section section) {
    section.required("file");
    return new FlagSource.Flagd(
        section.path("file", Path.of("")),
        section.section(
            "attributes",
            attributes -> {
              Map<String, String> all = new LinkedHashMap<>();
              attributes.keys().forEach(kind -> all.put(kind, attributes.required(kind)));
              return all;
            }));
  }

  private static FlagSource launchDarkly(Section section) {
    return new FlagSource.LaunchDarkly(
        section.text("project", "default"),
        section.text("environment", "production"),
        secret(section, "sdk_key", "LAUNCHDARKLY_SDK_KEY"),
        secret(section, "token", "LD_ACCESS_TOKEN"),
        uri(section, "base_uri"),
        uri(section, "stream_uri"));
  }

  private static FieldRoles fields(Section fields) {
    FieldRoles defaults = FieldRoles.DEFAULT;
    List<FieldRoles.Unit> units =
        fields.sections(
            "unit", unit -> new FieldRoles.Unit(unit.required("field"), unit.required("context")));
    return new FieldRoles(
        fields.texts("service", defaults.service()),
        fields.texts("environment", defaults.environment()),
        fields.texts("build", defaults.build()),
        units.isEmpty() ? defaults.unit() : units,
        fields.texts("host", defaults.host()));
  }

  private static Config.Guarding guard(Section guard) {
    return new Config.Guarding(
        guard.value("mode", text -> choice(Mode.class, text), Mode.WATCH),
        guard.texts("eligible", List.of()),
        guard.bool("contrast", true),
        guard.section("limits", ConfigReader::limits));
  }

  private static Limits limits(Section limits) {
    Limits defaults = Limits.DEFAULT;
    return new Limits(
        limits.count("toggles_per_hour", defaults.togglesPerHour()),
        limits.count("toggles_per_day", defaults.togglesPerDay()),
        limits.count("toggles_per_flag_per_day", defaults.togglesPerFlagPerDay()),
        limits.duration("change_age_at_most", defaults.changeAgeAtMost()),
        limits.duration("data_lag_at_most", defaults.dataLagAtMost()),
        limits.duration("intent_expires_after", defaults.intentExpiresAfter()),
        limits.duration("propagation", defaults.propagation()),
        limits.count("verify_events_at_least", defaults.verifyEventsAtLeast()),
        limits.duration("verify_within", defaults.verifyWithin()),
        limits.duration("settle", defaults.settle()));
  }

  /** The secret under the key, else the one that the environment holds under its usual name. */
  static @Nullable Secret secret(Section section, String key, String variable) {
    @Nullable Secret secret = section.secret(key);
    @Nullable String usual = section.source().variable(variable);
    return secret != null || usual == null || usual.isBlank() ? secret : new Secret(usual.strip());
  }

  static @Nullable URI uri(Section section, String key) {
    return section.has(key) ? section.value(key, ConfigReader::webAddress, URI.create("")) : null;
  }

  private static URI webAddress(String text) {
    URI uri = URI.create(text);
    if (!List.of("http", "https").contains(String.valueOf(uri.getScheme()))) {
      throw new IllegalArgumentException("an address starts with https:// , was '" + text + "'");
    }
    return uri;
  }

  static <E extends Enum<E>> E choice(Class<E> type, String text) {
    Map<String, E> choices = new TreeMap<>();
    for (E constant : type.getEnumConstants()) {
      choices.put(constant.name().toLowerCase(Locale.ROOT), constant);
    }
    @Nullable E chosen = choices.get(text);
    if (chosen == null) {
      throw new IllegalArgumentException(
          "one of %s, was '%s'".formatted(String.join(", ", choices.keySet()), text));
    }
    return chosen;
  }

  /** What no single key shows. */
  private static void check(Config config, Section root) {
    if (config.keys().isEmpty() && !isLoopback(config.listen().host())) {
      throw root.error(
          "listen",
          "is not a loopback address (%s), and without keys anyone could write and act; add keys"
              .formatted(config.listen().host()));
    }
    Set<String> names = new HashSet<>();
    for (Access.Principal key : config.keys()) {
      if (!names.add(key.name())) {
        throw root.error("keys", "have the name '%s' twice".formatted(key.name()));
      }
    }
    @Nullable Path flags =
        switch (config.flags()) {
          case FlagSource.File(Path path) -> path;
          case FlagSource.Flagd(Path path, var _) -> path;
          case FlagSource.None _, FlagSource.LaunchDarkly _ -> null;
        };
    if (flags != null && !Files.isReadable(flags)) {
      throw root.error("flags", "names a file that cannot be read: " + flags);
    }
    for (String dataset : config.store().datasets().keySet()) {
      try {
        Datasets.checked(dataset);
      } catch (IllegalArgumentException e) {
        throw root.error("store", "names under datasets: " + e.getMessage());
      }
    }
    if (root.has("slos") && !Files.isDirectory(config.slos())) {
      throw root.error("slos", "is not a folder: " + config.slos());
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
