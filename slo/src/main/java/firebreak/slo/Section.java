package firebreak.slo;

import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A mapping of a document being read, with the path that leads to it. What is missing, misnamed or
 * of the wrong kind is a {@link YamlNode.YamlException} that says so.
 */
record Section(String path, YamlNode.Mapping node) {

  /** The node as a mapping that has no keys but the known ones. */
  static Section of(String path, YamlNode node, Set<String> known) {
    if (!(node instanceof YamlNode.Mapping mapping)) {
      throw new YamlNode.YamlException(
          node.line(), "%s is a mapping of %s".formatted(path, sorted(known)));
    }
    mapping
        .keyLines()
        .forEach(
            (key, line) -> {
              if (!known.contains(key)) {
                throw new YamlNode.YamlException(
                    line, "unknown key \"%s\" in %s%s".formatted(key, path, hint(key, known)));
              }
            });
    return new Section(path, mapping);
  }

  private static String hint(String key, Set<String> known) {
    String hint = Nearest.hint(key, known);
    return hint.isEmpty() ? "; known are " + sorted(known) : hint;
  }

  private static String sorted(Set<String> known) {
    return String.join(", ", known.stream().sorted().toList());
  }

  boolean has(String key) {
    return node.entries().containsKey(key);
  }

  @Nullable YamlNode find(String key) {
    return node.entries().get(key);
  }

  YamlNode get(String key) {
    YamlNode value = node.entries().get(key);
    if (value == null) {
      throw new YamlNode.YamlException(node.line(), path + "." + key + " is missing");
    }
    return value;
  }

  Section section(String key, Set<String> known) {
    return of(path + "." + key, get(key), known);
  }

  List<YamlNode> list(String key) {
    if (get(key) instanceof YamlNode.Sequence sequence) {
      return sequence.items();
    }
    throw wrong(key, "is a list");
  }

  String text(String key) {
    if (get(key) instanceof YamlNode.Scalar scalar
        && scalar.value() != null
        && !scalar.text().isBlank()) {
      return scalar.text();
    }
    throw wrong(key, "is text");
  }

  String text(String key, String fallback) {
    YamlNode value = find(key);
    boolean isAbsent =
        value == null || (value instanceof YamlNode.Scalar scalar && scalar.value() == null);
    return isAbsent ? fallback : text(key);
  }

  BigDecimal number(String key) {
    String text = text(key);
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw wrong(key, "is a number, was \"" + text + "\"");
    }
  }

  /** What is wrong with the value of a key, to be thrown. */
  YamlNode.YamlException wrong(String key, String what) {
    int line = has(key) ? get(key).line() : node.line();
    return new YamlNode.YamlException(line, path + "." + key + " " + what);
  }
}
