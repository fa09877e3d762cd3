package firebreak.deploytracker.github;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.kohsuke.github.GHException;
import org.kohsuke.github.GHFileNotFoundException;
import org.kohsuke.github.GHRepository;
import org.kohsuke.github.GitHub;
import org.kohsuke.github.GitHubAbuseLimitHandler;
import org.kohsuke.github.GitHubBuilder;
import org.kohsuke.github.GitHubRateLimitHandler;
import org.kohsuke.github.HttpException;
import org.kohsuke.github.authorization.AppInstallationAuthorizationProvider;
import org.kohsuke.github.authorization.AuthorizationProvider;

/** GitHub, asked as one client; what goes wrong is an answer in words. Safe for many threads. */
public final class GitHubApi {
  /** Where GitHub answers all who run none of their own. */
  public static final URI USUAL = URI.create("https://api.github.com");

  static final Duration ANSWER_WITHIN = Duration.ofSeconds(15);

  /** Who may not do something may do it once somebody has changed that. */
  static final Duration AFTER_A_REFUSAL = Duration.ofMinutes(30);

  static final Pattern REPOSITORY = Pattern.compile("[\\w.-]+/[\\w.-]+");
  private static final Pattern CURSOR =
      Pattern.compile("[?&]cursor=([\\w.-]{1,200})[^>]*>; *rel=\"next\"");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final URI api;
  private final GitHubConnection connection;
  private final AuthorizationProvider authorization;
  private final GitHub client;

  /** A question to GitHub. */
  @FunctionalInterface
  interface Question<T> {
    T answer(GHRepository repository) throws IOException;
  }

  /**
   * A client.
   *
   * @param api such as {@link #USUAL}
   * @param clock says when an App's tokens are signed
   */
  public GitHubApi(URI api, GitHubCredential credential, InstantSource clock) {
    this(api, credential, clock, ANSWER_WITHIN);
  }

  GitHubApi(URI api, GitHubCredential credential, InstantSource clock, Duration answerWithin) {
    this.api = api;
    connection = new GitHubConnection(answerWithin);
    authorization = authorization(credential, clock);
    try {
      client =
          new GitHubBuilder()
              .withEndpoint(api.toString().replaceAll("/+$", ""))
              .withConnector(connection)
              .withRateLimitHandler(GitHubRateLimitHandler.FAIL)
              .withAbuseLimitHandler(GitHubAbuseLimitHandler.FAIL)
              .withAuthorizationProvider(authorization)
              .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static AuthorizationProvider authorization(
      GitHubCredential credential, InstantSource clock) {
    return switch (credential) {
      case GitHubCredential.Anonymous() -> AuthorizationProvider.ANONYMOUS;
      // A plain provider: given a token alone, the client first asks who it belongs to.
      case GitHubCredential.Token(String token) -> () -> "Bearer " + token;
      case GitHubCredential.App(String id, long installation, String privateKey) -> {
        AppKey key = AppKey.read(privateKey);
        yield new AppInstallationAuthorizationProvider(
            app -> app.getInstallationById(installation),
            () -> "Bearer " + key.token(id, clock.instant()));
      }
    };
  }

  /** Asks about a repository, by owner and name. */
  <T> GitHubAnswer<T> ask(String repository, Question<T> question) {
    check(REPOSITORY, "repository", repository);
    try {
      return new GitHubAnswer.Found<>(question.answer(client.getRepository(repository)));
    } catch (IOException e) {
      return unavailable(e);
    } catch (GHException e) {
      return unavailable(e.getCause() instanceof IOException io ? io : new IOException(e));
    } catch (NullPointerException e) {
      // So the client meets a body that lacks what it takes for granted.
      return new GitHubAnswer.Unavailable<>(
          "GitHub's answer lacks something: " + e.getMessage(), true, Duration.ZERO);
    }
  }

  /**
   * One exchange that the client has no name for.
   *
   * @param path what follows the owner's
   * @param body null to send none
   */
  GitHubAnswer<JsonNode> call(
      String method, HookOwner owner, String path, @Nullable JsonNode body) {
    return exchange(method, owner, path, body)
        .then(response -> new GitHubAnswer.Found<>(response.body()));
  }

  /** The items of a list of several pages, in its order; what is beyond the last page is left. */
  GitHubAnswer<List<JsonNode>> pages(HookOwner owner, String path, int atMost) {
    List<JsonNode> items = new ArrayList<>();
    String cursor = "";
    for (int page = 0; page < atMost; page++) {
      switch (exchange("GET", owner, path + cursor, null)) {
        case GitHubAnswer.Unavailable<Page> unavailable -> {
          return unavailable.of();
        }
        case GitHubAnswer.Found<Page>(Page found) -> {
          found.body().forEach(items::add);
          if (found.cursor().isEmpty()) {
            return new GitHubAnswer.Found<>(items);
          }
          cursor = "&cursor=" + found.cursor();
        }
      }
    }
    return new GitHubAnswer.Found<>(items);
  }

  /**
   * An answer.
   *
   * @param cursor names the page after it; empty on the last one
   */
  private record Page(JsonNode body, String cursor) {}

  private GitHubAnswer<Page> exchange(
      String method, HookOwner owner, String path, @Nullable JsonNode body) {
    try {
      HttpResponse<byte[]> response = connection.exchange(request(method, owner, path, body));
      if (response.statusCode() / 100 != 2) {
        return unavailable(response.statusCode(), said(response.body()));
      }
      Matcher next = CURSOR.matcher(response.headers().firstValue("Link").orElse(""));
      return new GitHubAnswer.Found<>(
          new Page(
              response.body().length == 0
                  ? MissingNode.getInstance()
                  : MAPPER.readTree(response.body()),
              next.find() ? next.group(1) : ""));
    } catch (IOException e) {
      return unavailable(e);
    }
  }

  private HttpRequest request(String method, HookOwner owner, String path, @Nullable JsonNode body)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(api.toString().replaceAll("/+$", "") + owner.path() + path))
            .header("Accept", "application/vnd.github+json")
            .header("X-GitHub-Api-Version", "2022-11-28")
            .header("User-Agent", "Firebreak")
            .method(
                method,
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString()));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    @Nullable String encoded = authorization.getEncodedAuthorization();
    if (encoded != null) {
      request.header("Authorization", encoded);
    }
    return request.build();
  }

  private static String said(byte[] body) {
    try {
      return MAPPER.readTree(body).path("message").asText("");
    } catch (IOException e) {
      return "";
    }
  }

  private static <T> GitHubAnswer<T> unavailable(IOException e) {
    @Nullable LimitReached limit = LimitReached.behind(e);
    String message = Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
    if (limit != null) {
      return new GitHubAnswer.Unavailable<>(
          String.valueOf(limit.getMessage()), true, limit.after(), true);
    }
    if (e instanceof GHFileNotFoundException) {
      return new GitHubAnswer.Unavailable<>(
          "GitHub knows no such repository or commit, or does not show it to this token",
          false,
          Duration.ZERO);
    }
    return e instanceof HttpException http && http.getResponseCode() > 0
        ? unavailable(http.getResponseCode(), message)
        : new GitHubAnswer.Unavailable<>(
            "GitHub did not answer: " + firstLine(message), true, Duration.ZERO);
  }

  private static <T> GitHubAnswer<T> unavailable(int status, String message) {
    boolean isRefusal = status == 401 || status == 403;
    return new GitHubAnswer.Unavailable<>(
        "GitHub answered %d: %s".formatted(status, firstLine(message)),
        isRefusal || status == 408 || status / 100 != 4,
        isRefusal ? AFTER_A_REFUSAL : Duration.ZERO);
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  static void check(Pattern pattern, String what, String given) {
    if (!pattern.matcher(given).matches() || given.contains("..")) {
      throw new IllegalArgumentException(what + " is none of GitHub's, was \"" + given + "\"");
    }
  }
}
