package firebreak.server;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Serves the console's files from the class path; a path that is neither a file nor an API's is a
 * page of the console and gets {@code index.html}. Registers last.
 */
final class Console implements Routes {
  /** Where the console's build lies on the class path. */
  static final String FOLDER = "console/";

  private static final String INDEX = "index.html";

  /** Everything but the paths of the APIs, whose wrong turns are theirs to explain. */
  private static final String PAGES =
      "^/(?!1/|v1/|api/|webhooks/|health/|metrics|opentelemetry\\.).*";

  /** The build tool puts a hash of the content into such names: {@code app-3f9a1c02.js}. */
  private static final Pattern HASHED = Pattern.compile(".*[-.][A-Za-z0-9_-]{8,}\\.[a-z0-9]+$");

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_./-]*");
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("map", "application/json"),
          Map.entry("webmanifest", "application/manifest+json"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("txt", "text/plain; charset=utf-8"));

  private final String folder;
  private final Blocking blocking;

  /** What has been read; only files that exist are kept, so it cannot outgrow the class path. */
  private final Map<String, Buffer> files = new ConcurrentHashMap<>();

  /** Serves the files of a folder of the class path. */
  Console(String folder, Blocking blocking) {
    this.folder = folder;
    this.blocking = blocking;
  }

  @Override
  public void register(Router router) {
    router
        .routeWithRegex(PAGES)
        .method(HttpMethod.GET)
        .method(HttpMethod.HEAD)
        .handler(blocking.handler(this::serve));
  }

  /** Whether the path is the console's to answer. */
  static boolean isPage(String path) {
    return path.matches(PAGES);
  }

  private Answer serve(RoutingContext ctx) throws IOException {
    String path = ctx.normalizedPath().substring(1);
    Optional<Buffer> file = read(path);
    if (file.isPresent()) {
      return answer(path, file.get());
    }
    // Below a page's own path a dot belongs to an id: of a trace, of an incident.
    if (path.startsWith("assets/") || (path.contains(".") && !path.contains("/"))) {
      throw new Refusal(404, "there is nothing at /" + path);
    }
    return answer(
        INDEX, read(INDEX).orElseThrow(() -> new Refusal(404, "this build has no console")));
  }

  private Optional<Buffer> read(String path) throws IOException {
    @Nullable Buffer known = files.get(path);
    if (known != null) {
      return Optional.of(known);
    }
    // A folder of the class path has a stream too: a listing. Only names with an ending are files.
    if (!PLAIN.matcher(path).matches() || path.contains("..") || !TYPES.containsKey(ending(path))) {
      return Optional.empty();
    }
    try (InputStream in = Console.class.getClassLoader().getResourceAsStream(folder + path)) {
      if (in == null) {
        return Optional.empty();
      }
      Buffer file = Buffer.buffer(in.readAllBytes());
      files.put(path, file);
      return Optional.of(file);
    }
  }

  private static Answer answer(String path, Buffer file) {
    boolean isImmutable = HASHED.matcher(path).matches() && path.startsWith("assets/");
    return new Answer(
        200,
        TYPES.getOrDefault(ending(path), "application/octet-stream"),
        file,
        Map.of("Cache-Control", isImmutable ? "public, max-age=31536000, immutable" : "no-cache"));
  }

  private static String ending(String path) {
    return path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }
}
