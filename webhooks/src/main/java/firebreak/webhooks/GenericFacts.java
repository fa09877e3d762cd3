package firebreak.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.deploytracker.Change;
import firebreak.deploytracker.Change.BuildState;
import firebreak.deploytracker.Change.DeployState;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Builds, deploys and flag changes as anyone may tell of them, in our own JSON.
 *
 * <p>Each method throws IllegalArgumentException with a message for the caller: which field is
 * wrong, missing or unknown, and what would be right.
 */
public final class GenericFacts {
  private static final List<String> BUILD =
      List.of(
          "service",
          "build_id",
          "commit",
          "branch",
          "repository",
          "state",
          "started_at",
          "finished_at",
          "url",
          "actor",
          "summary",
          "idempotency_key");
  private static final List<String> DEPLOY =
      List.of(
          "service",
          "environment",
          "build_id",
          "version",
          "commit",
          "repository",
          "state",
          "time",
          "finished_at",
          "url",
          "actor",
          "summary",
          "idempotency_key");
  private static final List<String> FLAG_CHANGE =
      List.of(
          "flag",
          "environment",
          "service",
          "time",
          "version",
          "actor",
          "before",
          "after",
          "url",
          "summary",
          "idempotency_key");

  private GenericFacts() {}

  /** A build; without an idempotency key it is known by service, repository and build id. */
  public static Change.Build build(byte[] body, Instant now) {
    Payload fact = fact(body, BUILD);
    String service = fact.requiredText("service");
    String buildId = requiredTextOrNumber(fact, "build_id");
    String repository = fact.text("repository");
    @Nullable Instant finishedAt = fact.time("finished_at");
    @Nullable Instant startedAt = fact.time("started_at");
    if (startedAt != null && finishedAt != null && finishedAt.isBefore(startedAt)) {
      throw new IllegalArgumentException(
          "finished_at must not lie before started_at, was %s before %s"
              .formatted(finishedAt, startedAt));
    }
    return new Change.Build(
        id(fact, "build", service, repository, buildId),
        Payload.first(startedAt, finishedAt, now),
        finishedAt,
        service,
        buildId,
        fact.text("commit"),
        fact.text("branch"),
        repository,
        state(fact, fact.requiredText("state"), BuildState.class),
        fact.text("summary"),
        fact.text("actor"),
        webAddress(fact));
  }

  /**
   * A deploy; the state is {@code succeeded} unless it says otherwise. Without an idempotency key
   * it is known by what was deployed where and when, so that deploying a build again is a second
   * deploy: states of one deploy name the same {@code time}, that of its start.
   */
  public static Change.Deploy deploy(byte[] body, Instant now) {
    Payload fact = fact(body, DEPLOY);
    String service = fact.requiredText("service");
    String buildId = fact.textOrNumber("build_id");
    String version = fact.textOrNumber("version");
    String commit = fact.text("commit");
    if (buildId.isEmpty() && version.isEmpty() && commit.isEmpty()) {
      throw new IllegalArgumentException("build_id is missing, and so are version and commit");
    }
    String environment = fact.text("environment");
    String repository = fact.text("repository");
    String state = fact.text("state");
    Instant time = Payload.first(fact.time("time"), null, now);
    return new Change.Deploy(
        id(
            fact,
            "deploy",
            service,
            environment,
            repository,
            buildId,
            version,
            commit,
            time.toString()),
        time,
        fact.time("finished_at"),
        service,
        environment,
        buildId,
        version,
        commit,
        repository,
        state.isEmpty() ? DeployState.SUCCEEDED : state(fact, state, DeployState.class),
        false,
        fact.text("summary"),
        fact.text("actor"),
        webAddress(fact));
  }

  /**
   * A flag change; without an idempotency key it is known by flag, environment and version, or
   * without a version by its time and content.
   */
  public static Change.FlagChange flagChange(byte[] body, Instant now) {
    Payload fact = fact(body, FLAG_CHANGE);
    String flag = fact.requiredText("flag");
    String environment = fact.text("environment");
    String version = fact.textOrNumber("version");
    String before = json(fact.any("before"));
    String after = json(fact.any("after"));
    Instant time = Payload.first(fact.time("time"), null, now);
    String id =
        version.isEmpty() || fact.has("idempotency_key")
            ? id(fact, "flag", flag, environment, time.toString(), before, after)
            : Change.flagChangeId(flag, environment, version);
    return new Change.FlagChange(
        id,
        time,
        flag,
        fact.text("service"),
        environment,
        version,
        before,
        after,
        false,
        fact.text("summary"),
        fact.text("actor"),
        webAddress(fact));
  }

  private static Payload fact(byte[] body, List<String> known) {
    Payload fact = Payload.parse(body);
    for (String name : fact.names()) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "unknown field \"%s\"; did you mean \"%s\"? There are %s"
                .formatted(shortened(name), Nearest.to(name, known), String.join(", ", known)));
      }
    }
    return fact;
  }

  private static String id(Payload fact, String kind, String... naturalKey) {
    String key = fact.text("idempotency_key");
    return key.isEmpty() ? Change.id(kind, naturalKey) : Change.id(kind, "idempotency_key", key);
  }

  private static <E extends Enum<E>> E state(Payload fact, String state, Class<E> states) {
    return Arrays.stream(states.getEnumConstants())
        .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(state))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s must be one of %s, was \"%s\""
                        .formatted(
                            fact.name("state"),
                            Arrays.stream(states.getEnumConstants())
                                .map(each -> each.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", ")),
                            shortened(state))));
  }

  private static String requiredTextOrNumber(Payload fact, String name) {
    String text = fact.textOrNumber(name);
    return text.isEmpty() ? fact.requiredText(name) : text;
  }

  private static String webAddress(Payload fact) {
    String url = fact.text("url");
    if (!url.isEmpty() && fact.webAddress("url").isEmpty()) {
      throw new IllegalArgumentException(
          "url must start with https:// or http://, was \"%s\"".formatted(shortened(url)));
    }
    return url;
  }

  /** "null" where it is absent, for an empty text is a flag seen for the first time. */
  private static String json(@Nullable JsonNode any) {
    return any == null ? "null" : any.toString();
  }

  private static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }
}
