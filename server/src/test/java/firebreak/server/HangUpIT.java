package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.deploytracker.ChangeLog;
import firebreak.eventstore.Asker;
import firebreak.eventstore.BatchKey;
import firebreak.eventstore.Durability;
import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult;
import firebreak.eventstore.Selection;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.WithdrawnException;
import firebreak.records.SavedQuery;
import firebreak.slo.SloMonitor;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a page cancels, the server stops computing. */
class HangUpIT {
  private static final long PATIENCE_SECONDS = 10;
  private static final InstantSource NOON =
      InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z"));

  /** A store whose questions have no end of their own. */
  private record EndlessStore(
      EventStore store, CountDownLatch asked, CountDownLatch ended, Asker asker)
      implements EventStore {

    EndlessStore() {
      this(EventStore.inMemory(), new CountDownLatch(1), new CountDownLatch(1), Asker.PATIENT);
    }

    @Override
    public EventStore askedBy(Asker other) {
      return new EndlessStore(store, asked, ended, other);
    }

    private RuntimeException searched() {
      asked.countDown();
      long start = System.nanoTime();
      while (!asker.isGone()) {
        if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(2 * PATIENCE_SECONDS)) {
          throw new AssertionError("nobody says that the client has gone");
        }
        Thread.onSpinWait();
      }
      ended.countDown();
      return new WithdrawnException();
    }

    @Override
    public Durability append(String dataset, List<Event> events, @Nullable BatchKey key) {
      return store.append(dataset, events, key);
    }

    @Override
    public QueryResult query(Query query) {
      throw searched();
    }

    @Override
    public Contrast contrast(Selection selection) {
      throw searched();
    }

    @Override
    public List<Pattern> patterns(Selection selection, List<Filter> terms) {
      throw searched();
    }

    @Override
    public void scan(
        List<String> datasets,
        TimeRange range,
        Filter filter,
        List<String> fields,
        Visitor visitor) {
      throw searched();
    }

    @Override
    public SortedMap<String, Long> datasets() {
      return store.datasets();
    }

    @Override
    public SortedMap<String, FieldType> fields(String dataset) {
      return store.fields(dataset);
    }

    @Override
    public void onAppend(AppendListener listener) {
      store.onAppend(listener);
    }

    @Override
    public void close() {
      store.close();
    }
  }

  /** A query that is there under any id. */
  private record AnyQuery() implements QueryRoutes.Pins {
    @Override
    public Optional<SavedQuery> find(String id) {
      return Optional.of(new SavedQuery(id, "shop", "{\"calculations\": [{\"op\": \"COUNT\"}]}"));
    }

    @Override
    public void save(SavedQuery query) {}
  }

  private static HttpService serve(EndlessStore store, Blocking one) {
    Access open = new Access(List.of());
    Door door = new Door(open, new BodyReader(), one);
    DerivedFields derived = new DerivedFields(_ -> List.of());
    QueryRoutes.History none = (_, _, _, _, _, _) -> {};
    SloMonitor monitor = new SloMonitor(store.store());
    ChangeLog changes = new ChangeLog(store.store());
    return HttpService.start(
        "127.0.0.1",
        List.of(0),
        open,
        List.of(
            new QueryRoutes(store, derived, new AnyQuery(), none, door, NOON),
            new EventRoutes(store, door, NOON),
            new TraceRoutes(store, door),
            new ExploreRoutes(store, derived, monitor, changes, none, door, NOON)));
  }

  private static Socket ask(int port, String method, String path, String body) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    OutputStream out = socket.getOutputStream();
    out.write(
        "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(method, path, body.length(), body)
            .getBytes(StandardCharsets.UTF_8));
    out.flush();
    return socket;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST | /1/query_results/shop | {\"query_id\": \"q\"}",
        "POST | /api/v1/events | {\"dataset\": \"shop\"}",
        "GET | /api/v1/traces/t1 | ''",
        "POST | /api/v1/heatmap | {\"dataset\": \"shop\", \"column\": \"duration_ms\"}",
        "POST | /api/v1/bubbleup | {\"dataset\": \"shop\", \"selection\": {\"filters\": []}}",
      })
  void aQuestionEndsWhenItsClientHangsUp(String method, String path, String body) throws Exception {
    EndlessStore store = new EndlessStore();
    store.append("shop", List.of(new Event(NOON.instant(), 1, Map.of())), null);
    try (Blocking one = Blocking.computing("query", 1);
        HttpService http = serve(store, one);
        HttpClient client = HttpClient.newHttpClient()) {
      try (Socket _ = ask(http.port(), method, path, body)) {
        assertTrue(store.asked().await(PATIENCE_SECONDS, TimeUnit.SECONDS), "it is asked");
        assertEquals(1, store.ended().getCount(), "it goes on as long as somebody waits");
      }
      assertTrue(store.ended().await(PATIENCE_SECONDS, TimeUnit.SECONDS), "it ends");

      URI other = URI.create("http://127.0.0.1:%d/api/v1/changes".formatted(http.port()));
      int status = 503;
      for (long begun = System.nanoTime();
          status == 503 && System.nanoTime() - begun < PATIENCE_SECONDS * 1_000_000_000L; ) {
        status =
            client
                .send(HttpRequest.newBuilder(other).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
      }
      assertEquals(200, status, "its place is free again");
    }
  }
}
