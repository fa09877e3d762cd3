package firebreak.server;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what. Keys come as {@code X-Honeycomb-Team} or {@code Authorization: Bearer}. Without
 * any key the service is open, which is only allowed on a loopback address.
 */
final class Access {
  private static final String PRINCIPAL = Principal.class.getName();
  private static final Set<HttpMethod> SAFE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
  private static final Set<String> LOOPBACK_NAMES =
      Set.of("localhost", "127.0.0.1", "::1", "[::1]");

  private final List<Principal> configured;

  /** Those that came over the API since; they open nothing while the configuration has none. */
  private final Supplier<List<Principal>> made;

  /** The holder of a key. Events from one that is trusted may lead the guard to act. */
  record Principal(String name, Set<Scope> scopes, boolean trusted, String secretHash) {
    static final Principal ANYONE = new Principal("anyone", EnumSet.allOf(Scope.class), true, "");

    Principal {
      scopes = Set.copyOf(scopes);
    }

    static Principal of(String name, String secret, Set<Scope> scopes, boolean trusted) {
      return new Principal(name, scopes, trusted, hash(secret));
    }

    boolean may(Scope scope) {
      return scopes.contains(scope) || scopes.contains(Scope.ADMIN);
    }
  }

  Access(List<Principal> configured) {
    this(configured, List::of);
  }

  Access(List<Principal> configured, Supplier<List<Principal>> made) {
    this.configured = List.copyOf(configured);
    this.made = made;
  }

  boolean isOpen() {
    return configured.isEmpty();
  }

  List<Principal> configured() {
    return configured;
  }

  boolean hasName(String name) {
    return principals().anyMatch(principal -> principal.name().equals(name));
  }

  private Stream<Principal> principals() {
    return Stream.concat(configured.stream(), made.get().stream());
  }

  /**
   * Whether everyone who can send events is trusted; on a loopback address without keys, all are.
   */
  boolean trustsItsSenders() {
    return principals()
        .filter(principal -> principal.may(Scope.INGEST))
        .allMatch(Principal::trusted);
  }

  /** Lets requests pass whose key has the scope. */
  Handler<RoutingContext> require(Scope scope) {
    return ctx -> {
      Principal principal = authenticate(ctx.request());
      if (!principal.may(scope)) {
        throw new Refusal(
            403, "the key %s lacks the scope %s".formatted(principal.name(), scope.text()));
      }
      ctx.put(PRINCIPAL, principal);
      ctx.next();
    };
  }

  /** Lets requests pass that have any key. */
  Handler<RoutingContext> requireAny() {
    return ctx -> {
      ctx.put(PRINCIPAL, authenticate(ctx.request()));
      ctx.next();
    };
  }

  static Principal principal(RoutingContext ctx) {
    Principal principal = ctx.get(PRINCIPAL);
    if (principal == null) {
      throw new IllegalStateException("no key was asked for at " + ctx.request().path());
    }
    return principal;
  }

  /**
   * Turns down what another site makes a browser send: a request that changes something with a
   * foreign Origin, and, while the service is open, any under a name that is not loopback's.
   */
  void refuseForeignSites(RoutingContext ctx) {
    HttpServerRequest request = ctx.request();
    @Nullable HostAndPort authority = request.authority();
    if (isOpen() && authority != null && !LOOPBACK_NAMES.contains(authority.host())) {
      throw new Refusal(
          421, "without keys only loopback names are served, not " + authority.host());
    }
    @Nullable String origin = request.getHeader("Origin");
    if (origin != null && !SAFE.contains(request.method()) && !isSame(origin, authority)) {
      throw new Refusal(403, "the origin " + origin + " may not change anything here");
    }
    ctx.next();
  }

  private static boolean isSame(String origin, @Nullable HostAndPort authority) {
    try {
      URI uri = new URI(origin);
      return authority != null
          && authority.host().equals(uri.getHost())
          && authority.port() == uri.getPort();
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private Principal authenticate(HttpServerRequest request) {
    if (isOpen()) {
      return Principal.ANYONE;
    }
    @Nullable String key = key(request);
    if (key == null) {
      throw new Refusal(401, "no key; send one as X-Honeycomb-Team or as Authorization: Bearer");
    }
    byte[] hash = hash(key).getBytes(StandardCharsets.UTF_8);
    @Nullable Principal found = null;
    for (Principal principal : principals().toList()) {
      byte[] expected = principal.secretHash().getBytes(StandardCharsets.UTF_8);
      if (MessageDigest.isEqual(hash, expected)) {
        found = principal;
      }
    }
    if (found == null) {
      throw new Refusal(401, "unknown key");
    }
    return found;
  }

  private static @Nullable String key(HttpServerRequest request) {
    @Nullable String team = request.getHeader("X-Honeycomb-Team");
    if (team != null) {
      return team;
    }
    @Nullable String bearer = request.getHeader("Authorization");
    return bearer != null && bearer.regionMatches(true, 0, "Bearer ", 0, 7)
        ? bearer.substring(7).strip()
        : null;
  }

  private static String hash(String secret) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
