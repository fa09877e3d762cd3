package firebreak.server;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a key may be used for. */
enum Scope {
  INGEST,
  QUERY,
  SLO_WRITE,
  MITIGATE_RECOMMEND,
  MITIGATE_ARM,
  STOP,

  /** Everything. */
  ADMIN;

  /** As configuration writes it: {@code slo:write}. */
  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', ':');
  }

  static Scope parse(String text) {
    for (Scope scope : values()) {
      if (scope.text().equals(text)) {
        return scope;
      }
    }
    throw new IllegalArgumentException(
        "unknown scope '%s'; scopes are %s"
            .formatted(
                text, Arrays.stream(values()).map(Scope::text).collect(Collectors.joining(", "))));
  }
}
