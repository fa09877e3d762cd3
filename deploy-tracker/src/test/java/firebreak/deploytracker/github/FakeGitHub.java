package firebreak.deploytracker.github;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A GitHub on loopback with one repository, acme/query-api: it answers in GitHub's shapes, keeps
 * what it is told, and fails when it is told to.
 */
public final class FakeGitHub implements AutoCloseable {
  public static final String REPOSITORY = "acme/query-api";

  private static final String PATH = "/repos/" + REPOSITORY;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern COMMENTS = Pattern.compile(PATH + "/issues/(\\d+)/comments");
  private static final Pattern COMMENT = Pattern.compile(PATH + "/issues/comments/(\\d+)");
  private static final Pattern CHECK = Pattern.compile(PATH + "/check-runs/(\\d+)");
  private static final Pattern CHECKS = Pattern.compile(PATH + "/commits/(\\w+)/check-runs");
  private static final Pattern STATUSES = Pattern.compile(PATH + "/deployments/(\\d+)/statuses");
  private static final Pattern ATTEMPT =
      Pattern.compile("(?:" + PATH + "|/orgs/acme)/hooks/\\d+/deliveries/(\\d+)/attempts");
  private static final Pattern GATE =
      Pattern.compile(PATH + "/actions/runs/(\\d+)/deployment_protection_rule");

  /** What is answered to a GET, by path. */
  private final Map<String, JsonNode> answers = new ConcurrentHashMap<>();

  private final Map<String, String> links = new ConcurrentHashMap<>();
  private final List<ObjectNode> comments = Collections.synchronizedList(new ArrayList<>());
  private final List<ObjectNode> checks = Collections.synchronizedList(new ArrayList<>());
  private final List<ObjectNode> statuses = Collections.synchronizedList(new ArrayList<>());
  private final List<ObjectNode> gates = Collections.synchronizedList(new ArrayList<>());
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final List<String> authorizations = Collections.synchronizedList(new ArrayList<>());
  private volatile LongConsumer redelivers = _ -> {};
  private final AtomicLong ids = new AtomicLong(1);
  private final HttpServer server;
  private volatile int failure;
  private volatile Map<String, String> failureHeaders = Map.of();
  private volatile boolean losesAnswers;
  private volatile Duration takes = Duration.ZERO;

  public FakeGitHub() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
    ObjectNode repository = object();
    repository.put("id", 1).put("name", "query-api").put("full_name", REPOSITORY);
    repository.put("url", api() + PATH).putObject("owner").put("login", "acme").put("id", 2);
    answers.put(PATH, repository);
  }

  public URI api() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Answers this to a GET of the path, which begins after the host's name. */
  public void answer(String path, String json) {
    try {
      answers.put(path, MAPPER.readTree(json));
    } catch (IOException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  /** Says with the answer to that path and query that there is a page after it. */
  public void next(String path, String cursor) {
    links.put(
        path,
        "<%s%s&cursor=%s>; rel=\"next\""
            .formatted(api(), path.replaceAll("&cursor=.*", ""), cursor));
  }

  /** Answers all with this status from now on; 0 to go on as usual. */
  public void fail(int status, Map<String, String> headers) {
    failureHeaders = headers;
    failure = status;
  }

  /** Takes so long for every answer from now on. */
  public void take(Duration length) {
    takes = length;
  }

  /** Does what it is told, and closes the connection instead of an answer, until told otherwise. */
  public void loseAnswers(boolean does) {
    losesAnswers = does;
  }

  /** A commit of Pat's, as part of others. */
  public String commit(String sha, String message) {
    String author =
        "{\"name\": \"Pat\", \"email\": \"pat@example.org\", \"date\": \"2026-03-01T11:58:00Z\"}";
    return """
        {"sha": "%s", "url": "%s", "parents": [],
         "commit": {"message": "%s", "author": %s, "committer": %s}}
        """
        .formatted(sha, api() + PATH + "/commits/" + sha, message, author, author);
  }

  /** A file of a commit, JSON. */
  public static String file(String name, String patch) {
    ObjectNode file = object().put("filename", name).put("status", "modified");
    return (patch.isEmpty() ? file : file.put("patch", patch)).toString();
  }

  /** The commit itself, with its files. */
  public void commits(String sha, String message, String... files) {
    String commit = commit(sha, message).strip();
    answer(
        PATH + "/commits/" + sha,
        commit.substring(0, commit.length() - 1) + ", \"files\": " + List.of(files) + "}");
  }

  public void compares(String base, String head, List<String> commits, String... files) {
    String path = PATH + "/compare/" + base + "..." + head;
    answer(
        path,
        """
        {"url": "%s", "status": "ahead", "ahead_by": 2, "behind_by": 0, "total_commits": %d,
         "base_commit": %s, "merge_base_commit": %s, "commits": %s, "files": %s}
        """
            .formatted(
                api() + path,
                commits.size(),
                commit(base, "Before"),
                commit(base, "Before"),
                commits,
                List.of(files)));
  }

  /** A merged pull request that brought the commit. */
  public void merges(int number, String sha) {
    answer(
        PATH + "/commits/" + sha + "/pulls",
        """
        [{"number": %d, "title": "Shorten the cache", "state": "closed", "url": "%s",
          "user": {"login": "pat", "id": 3}, "merged_at": "2026-03-01T12:01:00Z",
          "html_url": "https://github.com/acme/query-api/pull/%d"}]
        """
            .formatted(number, api() + PATH + "/pulls/" + number, number));
  }

  /** A deployment of the commit, with the state that its pipeline gave it last. */
  public void deploys(long id, String sha, String environment, String state) {
    answer(
        PATH + "/deployments",
        """
        [{"id": %d, "sha": "%s", "ref": "main", "task": "deploy", "environment": "%s",
          "url": "%s", "statuses_url": "%s/statuses"}]
        """
            .formatted(
                id,
                sha,
                environment,
                api() + PATH + "/deployments/" + id,
                api() + PATH + "/deployments/" + id));
    statuses.addFirst(object().put("id", ids.incrementAndGet()).put("state", state));
  }

  /** Hands out this token to who asks for one with a POST. */
  public void tokens(String path, String token) {
    answer(
        "POST " + path,
        "{\"token\": \"%s\", \"expires_at\": \"2099-01-01T00:00:00Z\"}".formatted(token));
  }

  /** Does this when it is asked to send the attempt of that id once more. */
  public void onRedeliver(LongConsumer does) {
    redelivers = does;
  }

  public List<JsonNode> comments() {
    return List.copyOf(comments);
  }

  public List<JsonNode> checks() {
    return List.copyOf(checks);
  }

  /** The newest first, as GitHub has them. */
  public List<JsonNode> statuses() {
    return List.copyOf(statuses);
  }

  public List<JsonNode> gates() {
    return List.copyOf(gates);
  }

  /** Methods and paths, with their queries, in the order in which they came. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  public List<String> authorizations() {
    return List.copyOf(authorizations);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
    authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    byte[] sent = exchange.getRequestBody().readAllBytes();
    pause();
    if (failure != 0) {
      failureHeaders.forEach(exchange.getResponseHeaders()::set);
      send(exchange, failure, object().put("message", "as told"));
      return;
    }
    @Nullable JsonNode answer =
        exchange.getRequestMethod().equals("GET")
            ? read(exchange, path, exchange.getRequestURI())
            : write(exchange, path, MAPPER.readTree(sent));
    if (losesAnswers && !exchange.getRequestMethod().equals("GET")) {
      exchange.close();
    } else if (answer == null) {
      send(exchange, 404, object().put("message", "Not Found"));
    } else {
      send(exchange, answer.isMissingNode() ? 204 : 200, answer);
    }
  }

  private void pause() {
    try {
      Thread.sleep(takes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable JsonNode read(HttpExchange exchange, String path, URI uri) {
    Matcher on = COMMENTS.matcher(path);
    if (on.matches()) {
      return list(comments, "issue", on.group(1));
    }
    Matcher checksOf = CHECKS.matcher(path);
    if (checksOf.matches()) {
      ArrayNode found = list(checks, "head_sha", checksOf.group(1));
      ObjectNode answer = object().put("total_count", found.size());
      answer.set("check_runs", found);
      return answer;
    }
    if (STATUSES.matcher(path).matches() && !answers.containsKey(path)) {
      return JsonNodeFactory.instance.arrayNode().addAll(List.copyOf(statuses));
    }
    String whole = path + (uri.getQuery() == null ? "" : "?" + uri.getQuery());
    @Nullable String link = links.get(whole);
    if (link != null) {
      exchange.getResponseHeaders().set("Link", link);
    }
    return answers.getOrDefault(whole, answers.get(path));
  }

  private static ArrayNode list(List<ObjectNode> all, String key, String value) {
    ArrayNode found = JsonNodeFactory.instance.arrayNode();
    for (ObjectNode one : List.copyOf(all)) {
      if (one.path(key).asText().equals(value)) {
        found.add(one);
      }
    }
    return found;
  }

  private @Nullable JsonNode write(HttpExchange exchange, String path, JsonNode body) {
    String method = exchange.getRequestMethod();
    Matcher comment = COMMENTS.matcher(path);
    if (method.equals("POST") && comment.matches()) {
      return kept(comments, body, "issue", comment.group(1), api() + PATH + "/issues/comments/");
    }
    Matcher changed = COMMENT.matcher(path);
    if (method.equals("PATCH") && changed.matches()) {
      return changed(comments, changed.group(1), body);
    }
    if (method.equals("POST") && path.equals(PATH + "/check-runs")) {
      String sha = body.path("head_sha").asText();
      return kept(checks, body, "head_sha", sha, api() + PATH + "/check-runs/");
    }
    Matcher check = CHECK.matcher(path);
    if (method.equals("PATCH") && check.matches()) {
      return changed(checks, check.group(1), body);
    }
    Matcher status = STATUSES.matcher(path);
    if (method.equals("POST") && status.matches()) {
      ObjectNode kept = kept(new ArrayList<>(), body, "deployment", status.group(1), api() + path);
      statuses.addFirst(kept);
      return kept;
    }
    Matcher attempt = ATTEMPT.matcher(path);
    if (method.equals("POST") && attempt.matches()) {
      redelivers.accept(Long.parseLong(attempt.group(1)));
      return object();
    }
    Matcher gate = GATE.matcher(path);
    if (method.equals("POST") && gate.matches()) {
      kept(gates, body, "run", gate.group(1), "");
      return MissingNode.getInstance();
    }
    return answers.get(method + " " + path);
  }

  private ObjectNode kept(
      List<ObjectNode> in, JsonNode body, String key, String value, String url) {
    ObjectNode kept = object();
    body.properties().forEach(one -> kept.set(one.getKey(), one.getValue()));
    long id = ids.incrementAndGet();
    kept.put("id", id).put(key, value).put("url", url + id);
    in.add(kept);
    return kept;
  }

  private static @Nullable JsonNode changed(List<ObjectNode> in, String id, JsonNode body) {
    for (ObjectNode one : List.copyOf(in)) {
      if (one.path("id").asText().equals(id)) {
        body.properties().forEach(field -> one.set(field.getKey(), field.getValue()));
        return one;
      }
    }
    return null;
  }

  private static void send(HttpExchange exchange, int status, JsonNode answer) throws IOException {
    byte[] bytes = answer.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, status == 204 ? -1 : bytes.length);
    if (status != 204) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** The headers of a limit that ends in so many seconds. */
  public static Map<String, String> limited(int seconds) {
    return new HashMap<>(Map.of("Retry-After", String.valueOf(seconds)));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
