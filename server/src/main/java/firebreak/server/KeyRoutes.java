package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.records.SavedKey;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Keys: which there are, making one, revoking one. */
final class KeyRoutes implements Routes {
  private static final String PATH = "/api/v1/keys";

  private final Access access;
  private final KeyRing ring;
  private final Door door;
  private final InstantSource clock;

  KeyRoutes(Access access, KeyRing ring, Door door, InstantSource clock) {
    this.access = access;
    this.ring = ring;
    this.door = door;
    this.clock = clock;
  }

  @Override
  public void register(Router router) {
    door.get(router, PATH, Scope.ADMIN, _ -> Answer.json(list()));
    door.post(router, PATH, Scope.ADMIN, this::make);
    door.delete(router, PATH + "/:id", Scope.ADMIN, this::revoke);
  }

  private ObjectNode list() {
    ArrayNode keys = JsonTree.array(access.configured(), KeyRoutes::view);
    ring.keys().forEach(key -> keys.add(view(key)));
    ObjectNode view = JsonTree.object();
    view.put("open", access.isOpen());
    view.put("senders_trusted", access.trustsItsSenders());
    view.set("scopes", JsonTree.texts(Arrays.stream(Scope.values()).map(Scope::text).toList()));
    view.set("keys", keys);
    return view;
  }

  private Answer make(RoutingContext ctx) throws IOException {
    JsonNode body = Json.MAPPER.readTree(Body.of(ctx));
    KnownKeys.check("a key", body, Set.of("name", "scopes", "trusted"));
    String name = JsonKeys.text(body, "name", 1, 100);
    boolean trusted = JsonKeys.flag(body, "trusted", false);
    List<Scope> scopes = new ArrayList<>();
    JsonNode listed = body.path("scopes");
    if (!listed.isArray() || listed.isEmpty()) {
      throw new IllegalArgumentException("scopes is a list of at least one scope");
    }
    listed.forEach(scope -> scopes.add(Scope.parse(scope.asText())));
    check(name, scopes, trusted);
    KeyRing.Made made =
        ring.make(name, scopes, trusted, Access.principal(ctx).name(), clock.instant());
    return Answer.json(201, view(made.key()).put("secret", made.secret()))
        .with("Cache-Control", "no-store");
  }

  private void check(String name, List<Scope> scopes, boolean trusted) {
    if (access.isOpen()) {
      throw new Refusal(
          409,
          "the configuration names no key, so everyone on this machine may do everything; write a"
              + " first key with the scope admin into the configuration file");
    }
    if (access.hasName(name)) {
      throw new Refusal(409, "there is a key called %s; take another name".formatted(name));
    }
    boolean sends = scopes.contains(Scope.INGEST) || scopes.contains(Scope.ADMIN);
    if (sends && !trusted && access.trustsItsSenders()) {
      throw new Refusal(
          409,
          "a sender that is not trusted makes the guard ask a person about everything, from the"
              + " start of the process; make the key trusted, or write it into the configuration"
              + " file");
    }
  }

  private Answer revoke(RoutingContext ctx) {
    ring.revoke(Parameters.path(ctx, "id"), Access.principal(ctx).name(), clock.instant());
    return Answer.empty(204);
  }

  private static ObjectNode view(Access.Principal principal) {
    ObjectNode view = JsonTree.object();
    view.putNull("id");
    view.put("name", principal.name());
    view.set(
        "scopes", JsonTree.texts(principal.scopes().stream().map(Scope::text).sorted().toList()));
    view.put("trusted", principal.trusted());
    view.putNull("created_by");
    view.putNull("created_at");
    return view;
  }

  private static ObjectNode view(SavedKey key) {
    ObjectNode view = JsonTree.object();
    view.put("id", key.id());
    view.put("name", key.name());
    view.set("scopes", JsonTree.texts(key.scopes()));
    view.put("trusted", key.trusted());
    view.put("created_by", key.createdBy());
    view.set("created_at", JsonTree.time(key.createdAt()));
    return view;
  }
}
