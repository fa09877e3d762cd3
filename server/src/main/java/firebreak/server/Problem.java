package firebreak.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.google.protobuf.InvalidProtocolBufferException;
import firebreak.eventstore.DamagedPartException;
import firebreak.eventstore.LimitExceededException;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.io.CharConversionException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where a failure becomes an HTTP answer, in the shape that the route's clients know:
 * {@code application/problem+json}, Honeycomb's error under {@code /1/}, a Status for OTLP.
 */
final class Problem {
  private static final Logger LOG = LoggerFactory.getLogger(Problem.class);
  private static final List<Integer> STATUSES = List.of(400, 404, 405, 406, 413, 414, 415, 500);
  private static final List<String> INGEST =
      List.of("/1/events/", "/1/batch/", "/v1/", "/opentelemetry.", "/webhooks/");

  private Problem() {}

  /** Makes the router answer every failure here. */
  static void register(Router router) {
    for (int status : STATUSES) {
      router.errorHandler(status, ctx -> respond(ctx, router));
    }
  }

  private static void respond(RoutingContext ctx, Router router) {
    Refusal refusal = refusal(ctx);
    answer(ctx, router, refusal).send(ctx);
  }

  private static Refusal refusal(RoutingContext ctx) {
    Throwable failure = ctx.failure();
    if (failure == null || failure instanceof HttpException) {
      return ofStatus(
          failure instanceof HttpException e ? e.getStatusCode() : ctx.statusCode(), ctx);
    }
    return switch (failure) {
      case Refusal refusal -> refusal;
      case InvalidProtocolBufferException e ->
          new Refusal(400, "the body is not the protobuf message it should be: " + e.getMessage());
      case JsonProcessingException e -> new Refusal(400, malformed(e));
      case CharConversionException _ ->
          new Refusal(400, "the body is not text in UTF-8, UTF-16 or UTF-32");
      case IllegalArgumentException e -> new Refusal(400, String.valueOf(e.getMessage()));
      case LimitExceededException e -> limitExceeded(e, ctx);
      case DamagedPartException e -> {
        LOG.error("{} {} meets a damaged part", ctx.request().method(), ctx.request().path(), e);
        yield new Refusal(500, String.valueOf(e.getMessage()));
      }
      case UncheckedIOException e -> {
        LOG.error("{} {} failed on I/O", ctx.request().method(), ctx.request().path(), e);
        yield Refusal.overloaded("storage is not available at the moment");
      }
      case Throwable e -> {
        LOG.error("{} {} failed", ctx.request().method(), ctx.request().path(), e);
        yield new Refusal(500, "an error of ours; the log has it");
      }
    };
  }

  /** A question asks too much and should be put otherwise; what is sent in may come again. */
  private static Refusal limitExceeded(LimitExceededException e, RoutingContext ctx) {
    String message = String.valueOf(e.getMessage());
    String path = String.valueOf(ctx.request().path());
    return INGEST.stream().anyMatch(path::startsWith)
        ? Refusal.overloaded(message)
        : new Refusal(422, message);
  }

  private static String malformed(JsonProcessingException e) {
    String where =
        e.getLocation() == null
            ? ""
            : " at line %d, column %d"
                .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
    return "the body is not well-formed" + where + ": " + e.getOriginalMessage();
  }

  private static Refusal ofStatus(int status, RoutingContext ctx) {
    String path = ctx.request().path();
    return switch (status) {
      case -1 -> new Refusal(400, "the path is not well-formed"); // Vert.x gave up before routing
      case 404 -> new Refusal(404, "there is nothing at " + path);
      case 405 -> new Refusal(405, path + " does not take " + ctx.request().method());
      case 415 ->
          new Refusal(415, path + " does not take " + ctx.request().getHeader("Content-Type"));
      default -> new Refusal(status, HttpResponseStatus.valueOf(status).reasonPhrase());
    };
  }

  private static Answer answer(RoutingContext ctx, Router router, Refusal refusal) {
    Answer answer = shaped(ctx, refusal);
    Duration retryAfter = refusal.retryAfter();
    if (retryAfter != null) {
      answer = answer.with("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds())));
    }
    if (refusal.status() == 401) {
      answer = answer.with("WWW-Authenticate", "Bearer");
    }
    if (refusal.status() == 405) {
      answer = answer.with("Allow", String.join(", ", allowed(ctx, router)));
    }
    return answer;
  }

  /** The methods of the routes that the path leads to. */
  private static SortedSet<String> allowed(RoutingContext ctx, Router router) {
    SortedSet<String> methods = new TreeSet<>();
    for (Route route : router.getRoutes()) {
      if (route.methods() != null && leadsTo(route, ctx.normalizedPath())) {
        route.methods().forEach(method -> methods.add(method.name()));
      }
    }
    return methods;
  }

  private static boolean leadsTo(Route route, String path) {
    @Nullable String pattern = route.getPath();
    if (pattern == null) {
      return Console.isPage(path);
    }
    String[] expected = pattern.split("/", -1);
    String[] parts = path.split("/", -1);
    boolean matches = expected.length == parts.length;
    for (int i = 0; matches && i < parts.length; i++) {
      matches = expected[i].startsWith(":") || expected[i].equals(parts[i]);
    }
    return matches;
  }

  private static Answer shaped(RoutingContext ctx, Refusal refusal) {
    int status = refusal.status();
    String message = String.valueOf(refusal.getMessage());
    String path = String.valueOf(ctx.request().path());
    if (Parameters.mediaType(ctx).startsWith(OtlpGrpc.CONTENT_TYPE)) {
      return OtlpGrpc.failure(OtlpStatus.of(refusal));
    }
    if (path.startsWith("/v1/")) {
      return OtlpRoutes.failure(ctx, status, OtlpStatus.of(refusal));
    }
    if (path.startsWith("/1/")) {
      return HoneycombProblem.answer(refusal);
    }
    Buffer body =
        Json.buffer(
            Map.of(
                "type",
                "about:blank",
                "title",
                HttpResponseStatus.valueOf(status).reasonPhrase(),
                "status",
                status,
                "detail",
                message));
    return new Answer(status, "application/problem+json", body, Map.of());
  }
}
