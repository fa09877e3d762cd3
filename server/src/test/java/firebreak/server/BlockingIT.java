package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BlockingIT {

  @Test
  void turnsDownWhatItHasNoPermitFor() throws Exception {
    CountDownLatch entered = new CountDownLatch(2);
    CountDownLatch leave = new CountDownLatch(1);
    Access open = new Access(List.of());
    try (Blocking two = Blocking.waiting("slow", 2);
        HttpService http =
            HttpService.start(
                "127.0.0.1",
                List.of(0),
                open,
                List.of(
                    router ->
                        router
                            .get("/api/v1/slow")
                            .handler(
                                two.handler(
                                    _ -> {
                                      entered.countDown();
                                      leave.await();
                                      return Answer.empty(204);
                                    }))));
        HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + http.port() + "/api/v1/slow");
      HttpRequest request = HttpRequest.newBuilder(uri).build();
      var text = HttpResponse.BodyHandlers.ofString();
      CompletableFuture<HttpResponse<String>> first = client.sendAsync(request, text);
      CompletableFuture<HttpResponse<String>> second = client.sendAsync(request, text);
      assertTrue(entered.await(10, TimeUnit.SECONDS), "both run at the same time");

      HttpResponse<String> third = client.send(request, text);
      leave.countDown();

      assertEquals(503, third.statusCode());
      assertEquals("1", third.headers().firstValue("Retry-After").orElseThrow());
      assertEquals(204, first.get(10, TimeUnit.SECONDS).statusCode());
      assertEquals(204, second.get(10, TimeUnit.SECONDS).statusCode());
      assertEquals(204, client.send(request, text).statusCode(), "permits come back");
    }
  }

  @Test
  void showsNobodyWhatWentWrongInside() throws Exception {
    Access open = new Access(List.of());
    try (Blocking blocking = Blocking.computing("query", 1);
        HttpService http =
            HttpService.start(
                "127.0.0.1",
                List.of(0),
                open,
                List.of(
                    router ->
                        router
                            .get("/api/v1/broken")
                            .handler(
                                blocking.handler(
                                    _ -> {
                                      throw new IllegalStateException("the secret is 42");
                                    }))));
        HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + http.port() + "/api/v1/broken");

      HttpResponse<String> response =
          client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());

      assertEquals(500, response.statusCode());
      assertTrue(!response.body().contains("42"), response.body());
    }
  }
}
