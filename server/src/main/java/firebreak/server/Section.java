package firebreak.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A mapping of the configuration that is being read. The keys asked for are the keys there are: one
 * that nobody asks for is an error, which {@link #finish} raises.
 */
final class Section {
  private final Source source;
  private final String path;
  private final Setting.Mapping mapping;
  private final SequencedSet<String> asked = new LinkedHashSet<>();

  /** Where the configuration comes from: the file, its folder, and the environment. */
  record Source(String file, Path folder, Map<String, String> environment) {
    ConfigException error(int line, String message) {
      return new ConfigException("%s:%d: %s".formatted(file, line, message));
    }

    @Nullable String variable(String name) {
      return environment.get(name);
    }
  }

  Section(Source source, String path, Setting.Mapping mapping) {
    this.source = source;
    this.path = path;
    this.mapping = mapping;
  }

  Source source() {
    return source;
  }

  boolean has(String key) {
    asked.add(key);
    return mapping.entries().containsKey(key);
  }

  /** Whether the key holds keys of its own. */
  boolean isMapping(String key) {
    return setting(key) instanceof Setting.Mapping;
  }

  SequencedSet<String> keys() {
    return new LinkedHashSet<>(mapping.entries().keySet());
  }

  /** The value as text, empty when the key is absent. */
  String text(String key) {
    return text(key, "");
  }

  String text(String key, String otherwise) {
    return value(key, Function.identity(), otherwise);
  }

  String required(String key) {
    String text = text(key);
    if (text.isEmpty()) {
      throw error(key, "is missing");
    }
    return text;
  }

  boolean bool(String key, boolean otherwise) {
    return value(key, Section::parseBool, otherwise);
  }

  int count(String key, int otherwise) {
    return value(key, Section::parseCount, otherwise);
  }

  Duration duration(String key, Duration otherwise) {
    return value(key, Quantities::duration, otherwise);
  }

  /** Relative paths start at the folder of the file. */
  Path path(String key, Path otherwise) {
    return value(key, text -> source.folder().resolve(text).normalize(), otherwise);
  }

  /** Parses the value; what the parser refuses is an error at its line. */
  <T> T value(String key, Function<String, T> parse, T otherwise) {
    @Nullable Setting setting = setting(key);
    if (setting == null) {
      return otherwise;
    }
    return scalar(key, setting, parse);
  }

  List<String> texts(String key, List<String> otherwise) {
    return values(key, Function.identity(), otherwise);
  }

  <T> List<T> values(String key, Function<String, T> parse, List<T> otherwise) {
    @Nullable Setting setting = setting(key);
    if (setting == null) {
      return otherwise;
    }
    return items(key, setting).stream().map(item -> scalar(key, item, parse)).toList();
  }

  /** Reads a nested mapping, an empty one when the key is absent. */
  <T> T section(String key, Function<Section, T> read) {
    @Nullable Setting setting = setting(key);
    return read(
        key, setting == null ? new Setting.Mapping(mapping.line(), Map.of()) : setting, read);
  }

  /** Reads a list of mappings. */
  <T> List<T> sections(String key, Function<Section, T> read) {
    @Nullable Setting setting = setting(key);
    return setting == null
        ? List.of()
        : items(key, setting).stream().map(item -> read(key, item, read)).toList();
  }

  /** Reads a mapping whose keys are names of the user's own. */
  <T> Map<String, T> named(String key, Function<Section, T> read) {
    return section(
        key,
        names -> {
          Map<String, T> all = new LinkedHashMap<>();
          names.keys().forEach(name -> all.put(name, names.section(name, read)));
          return all;
        });
  }

  /** {@code {env: NAME}} or {@code {file: PATH}}; null when the key is absent. */
  @Nullable Secret secret(String key) {
    @Nullable Setting setting = setting(key);
    return setting == null ? null : secret(key, setting);
  }

  Secret requiredSecret(String key) {
    @Nullable Secret secret = secret(key);
    if (secret == null) {
      throw error(key, "is missing");
    }
    return secret;
  }

  List<Secret> secrets(String key) {
    @Nullable Setting setting = setting(key);
    return setting == null
        ? List.of()
        : items(key, setting).stream().map(item -> secret(key, item)).toList();
  }

  private Secret secret(String key, Setting setting) {
    if (!(setting instanceof Setting.Mapping)) {
      throw source.error(
          setting.line(), full(key) + " is a secret: write {env: NAME} or {file: PATH}");
    }
    return read(
        key,
        setting,
        section -> {
          Optional<Path> file =
              section.has("file")
                  ? Optional.of(section.path("file", Path.of("")))
                  : Optional.empty();
          String name = section.text("env");
          if (file.isPresent() == !name.isEmpty()) {
            throw source.error(
                setting.line(), full(key) + " is a secret: write {env: NAME} or {file: PATH}");
          }
          String value =
              file.map(path -> content(key, setting, path))
                  .orElseGet(() -> variable(key, setting, name));
          if (value.isBlank()) {
            throw source.error(setting.line(), full(key) + " is empty");
          }
          return new Secret(value.strip());
        });
  }

  private String variable(String key, Setting setting, String name) {
    @Nullable String value = source.variable(name);
    if (value == null) {
      throw source.error(
          setting.line(), "%s: the environment has no %s".formatted(full(key), name));
    }
    return value;
  }

  private String content(String key, Setting setting, Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw source.error(setting.line(), "%s: cannot read %s".formatted(full(key), file));
    }
  }

  /** Fails on a key that nobody asked for, naming the nearest that somebody did. */
  void finish() {
    mapping
        .entries()
        .forEach(
            (key, entry) -> {
              if (!asked.contains(key)) {
                throw source.error(entry.line(), unknown(key));
              }
            });
  }

  private String unknown(String key) {
    String nearest = NearestName.to(key, asked);
    String list = String.join(", ", asked);
    return "unknown key '%s'; %s"
        .formatted(
            full(key),
            nearest.isEmpty()
                ? "known here: " + list
                : "did you mean '%s'? Known here: %s".formatted(full(nearest), list));
  }

  ConfigException error(String key, String message) {
    Setting.@Nullable Entry entry = mapping.entries().get(key);
    return source.error(entry == null ? mapping.line() : entry.line(), full(key) + " " + message);
  }

  private @Nullable Setting setting(String key) {
    asked.add(key);
    Setting.@Nullable Entry entry = mapping.entries().get(key);
    return entry == null ? null : entry.value();
  }

  private <T> T read(String key, Setting setting, Function<Section, T> read) {
    Setting.Mapping nested =
        switch (setting) {
          case Setting.Mapping found -> found;
          case Setting.Scalar scalar when scalar.text().isEmpty() ->
              new Setting.Mapping(scalar.line(), Map.of());
          case Setting.Scalar scalar ->
              throw source.error(scalar.line(), full(key) + " holds keys of its own");
          case Setting.Sequence sequence ->
              throw source.error(sequence.line(), full(key) + " holds keys, not a list");
        };
    Section section = new Section(source, full(key), nested);
    T value = read.apply(section);
    section.finish();
    return value;
  }

  private List<Setting> items(String key, Setting setting) {
    return switch (setting) {
      case Setting.Sequence sequence -> sequence.items();
      case Setting.Scalar scalar when scalar.text().isEmpty() -> List.of();
      case Setting.Scalar scalar -> throw source.error(scalar.line(), full(key) + " is a list");
      case Setting.Mapping other -> throw source.error(other.line(), full(key) + " is a list");
    };
  }

  private <T> T scalar(String key, Setting setting, Function<String, T> parse) {
    if (!(setting instanceof Setting.Scalar(int line, String text))) {
      throw source.error(setting.line(), full(key) + " is a single value");
    }
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw source.error(line, "%s: %s".formatted(full(key), e.getMessage()));
    }
  }

  private String full(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static boolean parseBool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("true or false, was '" + text + "'");
    };
  }

  private static int parseCount(String text) {
    try {
      int count = Integer.parseInt(text);
      if (count >= 0) {
        return count;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a negative one.
    }
    throw new IllegalArgumentException("a whole number from 0, was '" + text + "'");
  }
}
