package firebreak.flags;

import static firebreak.flags.FakeHttp.answer;
import static firebreak.flags.FakeHttp.fail;
import static firebreak.flags.FakeHttp.pause;
import static firebreak.flags.FakeHttp.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A LaunchDarkly on loopback, for tests: the REST API for flags and the audit log, and what SDKs
 * read, over one state. Faults can be scripted.
 */
public final class FakeLaunchDarkly implements AutoCloseable {
  public static final String PROJECT = "default";
  public static final String ENVIRONMENT = "production";
  public static final String TOKEN = "api-fake-token";
  public static final String SDK_KEY = "sdk-fake-key";

  /** What goes wrong with one request. */
  public sealed interface Fault {

    /** It is answered with a status and headers, and not carried out. */
    record Status(int status, Map<String, String> headers) implements Fault {}

    /** It is answered with a page for people. */
    record Html(int status) implements Fault {}

    /** It is never answered, nor carried out. */
    record Hang() implements Fault {}

    /** The connection is cut before it is carried out. */
    record CutBefore() implements Fault {}

    /** It is carried out, and the connection is cut before the answer. */
    record ReplyLost() implements Fault {}

    /** It is answered with success and the flag as it was, and not carried out. */
    record Lie() implements Fault {}

    /** It waits so long, is carried out, and is answered after another while. */
    record Slow(Duration before, Duration after) implements Fault {}

    /** The connection is cut; {@link #carryOutLateRequests} carries it out later. */
    record AppliedLate() implements Fault {}
  }

  private final FakeEnvironment environment = new FakeEnvironment(ENVIRONMENT);
  private final FakeApprovals approvals = new FakeApprovals(environment, ENVIRONMENT);
  private final FakeExpiry expiry = new FakeExpiry(environment, ENVIRONMENT);
  private final FakeStream stream = new FakeStream(environment);
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Queue<Fault>> faults = new ConcurrentHashMap<>();
  private final Queue<Runnable> late = new ConcurrentLinkedQueue<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean ignoresTests;
  private volatile int statusOfFailedTest = 409;
  private volatile boolean auditLags;
  private volatile boolean needsApproval;

  private FakeLaunchDarkly(HttpServer server) {
    this.server = server;
  }

  /** Starts with no flags. */
  public static FakeLaunchDarkly start() {
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      HttpServer server = HttpServer.create(address, 0);
      FakeLaunchDarkly fake = new FakeLaunchDarkly(server);
      server.setExecutor(fake.threads);
      server.createContext("/api/v2/flags/" + PROJECT, fake::flags);
      server.createContext("/api/v2/projects/" + PROJECT + "/flags", fake::approvals);
      server.createContext("/api/v2/auditlog", fake::auditLog);
      server.createContext("/all", fake::stream);
      server.createContext("/sdk/latest-all", fake::poll);
      server.createContext("/bulk", exchange -> answer(exchange, 202, Map.of(), ""));
      server.createContext("/diagnostic", exchange -> answer(exchange, 202, Map.of(), ""));
      server.start();
      return fake;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** How to change its flags. */
  public Flags.Access access(Duration timeout) {
    return new Flags.Access(uri(), PROJECT, ENVIRONMENT, TOKEN, timeout);
  }

  /** How to follow its flags. */
  public Flags.Stream follow(String application) {
    return new Flags.Stream(SDK_KEY, uri(), application);
  }

  /** Adds a flag, JSON in the shape that a flag file has. */
  public void addFlag(String json) {
    environment.addFlag(FlagJson.object(json));
  }

  /** Adds a segment, JSON in the shape that a flag file has. */
  public void addSegment(String json) {
    environment.addSegment(FlagJson.object(json));
  }

  /** A person changes a flag: replaces a part of its environment, such as "on". */
  public void change(String flag, String part, String json) {
    try {
      ObjectNode operation = FlagJson.MAPPER.createObjectNode();
      operation.put("op", "add").put("path", "/environments/" + ENVIRONMENT + "/" + part);
      operation.set("value", FlagJson.MAPPER.readTree(json));
      var patch = FlagJson.MAPPER.createArrayNode().add(operation);
      environment.patch(flag, patch, "by hand", false);
    } catch (IOException | JsonPatch.Failed e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** A person archives a flag. */
  public void archive(String flag) {
    environment.archive(flag);
  }

  /** A person deletes a flag. */
  public void delete(String flag) {
    environment.delete(flag);
  }

  /** The flag as the REST API gives it. */
  public JsonNode flag(String key) {
    ObjectNode flag = environment.flag(key);
    return flag == null ? FlagJson.MAPPER.missingNode() : flag;
  }

  /** The flag's targeting in the environment. */
  public JsonNode targeting(String key) {
    return flag(key).path("environments").path(ENVIRONMENT);
  }

  /** The comments in the audit log, newest first. */
  public List<String> comments() {
    return environment.audit().stream().map(entry -> entry.path("comment").asText()).toList();
  }

  /** The requests that arrived, each as its method, path and query. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** The next requests of the method, or DRY_RUN, AUDIT, APPROVALS, meet these faults, one each. */
  public void failNext(String method, Fault... inOrder) {
    faults.computeIfAbsent(method, _ -> new ConcurrentLinkedQueue<>()).addAll(List.of(inOrder));
  }

  /** Forgets the faults that have not been met. */
  public void carryOnAsUsual() {
    faults.clear();
  }

  /** Whether the tests in a JSON Patch are passed over, as they must never be. */
  public void ignoreTests(boolean ignore) {
    ignoresTests = ignore;
  }

  /** With which status a failed test is answered: LaunchDarkly's own may be 400 or 409. */
  public void answerFailedTests(int status) {
    statusOfFailedTest = status;
  }

  /** Whether the audit log is silent about what happened. */
  public void auditLags(boolean lags) {
    auditLags = lags;
  }

  /** Whether a change needs the approval of a member, so that a patch is answered 405. */
  public void requireApproval(boolean required) {
    needsApproval = required;
  }

  /** The approval requests there are. */
  public FakeApprovals approvals() {
    return approvals;
  }

  /** The targets that it removes by itself. */
  public FakeExpiry expiry() {
    return expiry;
  }

  /** Carries out the requests that met {@link Fault.AppliedLate}. */
  public void carryOutLateRequests() {
    for (Runnable request = late.poll(); request != null; request = late.poll()) {
      request.run();
    }
  }

  /** Whether SDKs are told nothing of changes, so that they serve what was. */
  public void muteStreams(boolean mute) {
    stream.mute(mute);
  }

  /** Cuts all connections of SDKs, which come again. */
  public void cutStreams() {
    stream.cut();
  }

  private void flags(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    requests.add(method + " " + exchange.getRequestURI());
    if (!isAuthorized(exchange, TOKEN) || isFault(exchange, faultsOf(exchange))) {
      return;
    }
    String path = exchange.getRequestURI().getPath();
    String key = path.substring(("/api/v2/flags/" + PROJECT).length()).replaceFirst("^/", "");
    if (key.isEmpty()) {
      list(exchange);
      return;
    }
    if (key.endsWith("/expiring-targets/" + ENVIRONMENT)) {
      expiry.serve(exchange, key.replaceFirst("/.*", ""));
      return;
    }
    ObjectNode flag = environment.flag(key);
    if (flag == null) {
      fail(exchange, 404, "not_found", "Unknown feature flag key: " + key);
    } else if (method.equals("PATCH") && needsApproval) {
      fail(exchange, 405, "approval_required", "Approval is required to make this request");
    } else if (method.equals("PATCH")) {
      patch(exchange, key);
    } else {
      answer(exchange, 200, Map.of(), flag.toString());
    }
  }

  private static String faultsOf(HttpExchange exchange) {
    boolean isDry = query(exchange, "dryRun", "false").equals("true");
    return isDry ? "DRY_RUN" : exchange.getRequestMethod();
  }

  private void list(HttpExchange exchange) throws IOException {
    int offset = Integer.parseInt(query(exchange, "offset", "0"));
    int limit = Integer.parseInt(query(exchange, "limit", "20"));
    ObjectNode page = FlagJson.MAPPER.createObjectNode();
    var items = page.putArray("items");
    boolean isInFull = query(exchange, "filter", "").contains("filterEnv:");
    boolean isSummary = !query(exchange, "summary", "").equals("0");
    environment.keys().stream()
        .skip(offset)
        .limit(limit)
        .forEach(key -> items.add(listed((ObjectNode) flag(key), isInFull, isSummary)));
    answer(exchange, 200, Map.of(), page.put("totalCount", environment.keys().size()).toString());
  }

  /** A list has environments only when asked for one, and their lists only on request. */
  private static ObjectNode listed(ObjectNode flag, boolean isInFull, boolean isSummary) {
    if (!isInFull) {
      return flag.without("environments");
    }
    if (isSummary) {
      flag.path("environments")
          .forEach(
              configuration ->
                  ((ObjectNode) configuration)
                      .remove(List.of("targets", "contextTargets", "rules", "prerequisites")));
    }
    return flag;
  }

  private void patch(HttpExchange exchange, String key) throws IOException {
    JsonNode body = FlagJson.MAPPER.readTree(exchange.getRequestBody().readAllBytes());
    JsonNode patch = body.isArray() ? body : body.path("patch");
    String comment = body.path("comment").asText();
    Fault fault = faults.getOrDefault(faultsOf(exchange), new ConcurrentLinkedQueue<>()).poll();
    try {
      switch (fault) {
        case Fault.AppliedLate() -> {
          late.add(() -> carryOut(key, patch, comment));
          exchange.close();
        }
        case Fault.Slow(Duration before, Duration after) -> {
          pause(before);
          ObjectNode changed = changed(exchange, key, patch, comment);
          pause(after);
          answer(exchange, 200, Map.of(), changed.toString());
        }
        case Fault.Lie() -> answer(exchange, 200, Map.of(), String.valueOf(environment.flag(key)));
        case Fault.ReplyLost() -> {
          environment.patch(key, patch, comment, ignoresTests);
          exchange.close();
        }
        case null, default ->
            answer(exchange, 200, Map.of(), changed(exchange, key, patch, comment).toString());
      }
    } catch (JsonPatch.Failed e) {
      int status = e.isTest() ? statusOfFailedTest : 400;
      fail(exchange, status, "invalid_request", String.valueOf(e.getMessage()));
    }
  }

  private ObjectNode changed(HttpExchange exchange, String key, JsonNode patch, String comment)
      throws JsonPatch.Failed {
    return query(exchange, "dryRun", "false").equals("true")
        ? environment.preview(key, patch, ignoresTests)
        : environment.patch(key, patch, comment, ignoresTests);
  }

  private void carryOut(String key, JsonNode patch, String comment) {
    try {
      environment.patch(key, patch, comment, ignoresTests);
    } catch (JsonPatch.Failed _) {
      // Its sender is long gone.
    }
  }

  private void auditLog(HttpExchange exchange) throws IOException {
    requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
    if (!isAuthorized(exchange, TOKEN) || isFault(exchange, "AUDIT")) {
      return;
    }
    List<ObjectNode> entries = auditLags ? List.of() : environment.audit();
    String id = exchange.getRequestURI().getPath().substring("/api/v2/auditlog".length());
    for (ObjectNode entry : entries) {
      if (id.equals("/" + entry.path("_id").asText())) {
        answer(exchange, 200, Map.of(), entry.toString());
        return;
      }
    }
    if (!id.isEmpty()) {
      fail(exchange, 404, "not_found", "no entry " + id);
      return;
    }
    String flag = query(exchange, "spec", "").replaceFirst(".*:flag/", "");
    long after = Long.parseLong(query(exchange, "after", "0"));
    long before = Long.parseLong(query(exchange, "before", Long.toString(Long.MAX_VALUE)));
    ObjectNode page = FlagJson.MAPPER.createObjectNode();
    var items = page.putArray("items");
    entries.stream()
        .filter(entry -> Set.of("", "*", entry.path("name").asText()).contains(flag))
        .filter(entry -> entry.path("date").asLong() >= after)
        .filter(entry -> entry.path("date").asLong() < before)
        .limit(Integer.parseInt(query(exchange, "limit", "10")))
        .forEach(
            entry ->
                items.add(entry.deepCopy().without(List.of("previousVersion", "currentVersion"))));
    answer(exchange, 200, Map.of(), page.toString());
  }

  private void approvals(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    requests.add(method + " " + exchange.getRequestURI());
    if (isAuthorized(exchange, TOKEN)
        && !isFault(exchange, method.equals("GET") ? "APPROVALS" : method)) {
      Fault fault = faults.getOrDefault(method, new ConcurrentLinkedQueue<>()).poll();
      approvals.serve(exchange, fault instanceof Fault.ReplyLost);
    }
  }

  private void poll(HttpExchange exchange) throws IOException {
    if (isAuthorized(exchange, SDK_KEY)) {
      answer(exchange, 200, Map.of(), environment.all().toString());
    }
  }

  private void stream(HttpExchange exchange) throws IOException {
    if (isAuthorized(exchange, SDK_KEY)) {
      stream.open(exchange);
    }
  }

  private boolean isAuthorized(HttpExchange exchange, String secret) throws IOException {
    boolean authorized = secret.equals(exchange.getRequestHeaders().getFirst("Authorization"));
    if (!authorized) {
      fail(exchange, 401, "unauthorized", "Invalid access token");
    }
    return authorized;
  }

  /** Plays the next fault of the method, except those with which a write is carried out. */
  private boolean isFault(HttpExchange exchange, String method) throws IOException {
    Queue<Fault> queue = faults.getOrDefault(method, new ConcurrentLinkedQueue<>());
    @Nullable Fault fault = queue.peek();
    boolean isOfWrites =
        fault instanceof Fault.ReplyLost
            || fault instanceof Fault.Lie
            || fault instanceof Fault.AppliedLate
            || (fault instanceof Fault.Slow && method.equals("PATCH"));
    if (fault == null || isOfWrites) {
      return false;
    }
    queue.remove();
    if (fault instanceof Fault.Slow(Duration before, Duration after)) {
      pause(before.plus(after));
      return false;
    }
    exchange.getRequestBody().readAllBytes();
    switch (fault) {
      case Fault.Status(int status, Map<String, String> headers) ->
          answer(exchange, status, headers, "{\"code\":\"scripted\",\"message\":\"scripted\"}");
      case Fault.Html(int status) -> answer(exchange, status, Map.of(), "<html>Sorry</html>");
      case Fault.Hang() -> hang();
      default -> exchange.close();
    }
    return true;
  }

  private void hang() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    stream.cut();
    server.stop(0);
    threads.shutdownNow();
  }
}
