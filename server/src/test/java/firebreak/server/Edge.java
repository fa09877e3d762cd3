package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.deploytracker.ChangeLog;
import firebreak.records.SavedQuery;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;

/** The HTTP edge on a free loopback port, in front of a store in memory. */
final class Edge implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  final MemoryStore store = new MemoryStore();
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Blocking> bridges = new ArrayList<>();
  private final HttpService http;

  Edge(Access.Principal... principals) {
    this(new BodyReader(), principals);
  }

  Edge(BodyReader bodies, Access.Principal... principals) {
    this(bodies, IntakeLine.ofThisMachine(), principals);
  }

  Edge(BodyReader bodies, IntakeLine line, Access.Principal... principals) {
    Access access = new Access(List.of(principals));
    InstantSource clock = InstantSource.fixed(NOW);
    Intake intake = new Intake(access, bodies, bridge("ingest"), line);
    Door explore = new Door(access, bodies, bridge("query"));
    http =
        HttpService.start(
            "127.0.0.1",
            List.of(0),
            access,
            List.of(
                new HealthRoutes(Map.of("store", () -> "")),
                new HoneycombRoutes(store, clock, intake),
                new OtlpRoutes(new Otlp(store, clock), intake),
                new QueryRoutes(
                    store,
                    new DerivedFields(_ -> List.of()),
                    new Pinned(),
                    (_, _, _, _, _, _) -> {},
                    explore,
                    clock),
                new EventRoutes(store, explore, clock),
                new TraceRoutes(store, explore),
                new DatasetRoutes(store, explore),
                new MarkerRoutes(new ChangeLog(store), explore, clock),
                new Console("page/", bridge("console"))));
  }

  private static final class Pinned implements QueryRoutes.Pins {
    private final Map<String, SavedQuery> queries = new ConcurrentHashMap<>();

    @Override
    public Optional<SavedQuery> find(String id) {
      return Optional.ofNullable(queries.get(id));
    }

    @Override
    public void save(SavedQuery query) {
      queries.put(query.id(), query);
    }
  }

  private Blocking bridge(String name) {
    Blocking bridge = Blocking.waiting(name, 16);
    bridges.add(bridge);
    return bridge;
  }

  int port() {
    return http.port();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  HttpResponse<byte[]> get(String path, String... headers) {
    return send("GET", path, new byte[0], headers);
  }

  HttpResponse<byte[]> post(String path, String body, String... headers) {
    return send("POST", path, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  HttpResponse<byte[]> send(String method, String path, byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static JsonNode json(HttpResponse<byte[]> response) {
    try {
      return Json.MAPPER.readTree(response.body());
    } catch (IOException e) {
      throw new AssertionError(text(response), e);
    }
  }

  static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  @Override
  public void close() {
    http.close();
    bridges.forEach(Blocking::close);
    store.close();
  }
}
