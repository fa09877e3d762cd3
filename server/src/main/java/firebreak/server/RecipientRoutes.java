package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.records.Recipient;
import firebreak.records.Records;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Recipients in Honeycomb's shape. Their details hold keys and secrets, so reading them takes the
 * scope that writing them takes.
 */
final class RecipientRoutes implements Routes {
  private static final String PATH = "/1/recipients";
  private static final Set<String> KEYS =
      Set.of("id", "type", "details", "created_at", "updated_at", "delivery");

  /** What the details of a type may hold, its target first. */
  private static final Map<String, List<String>> DETAILS =
      Map.of(
          "pagerduty", List.of("pagerduty_integration_key", "pagerduty_integration_name"),
          "email", List.of("email_address"),
          "slack", List.of("slack_channel"),
          "webhook",
              List.of(
                  "webhook_url",
                  "webhook_name",
                  "webhook_secret",
                  "webhook_headers",
                  "webhook_payloads"),
          "msteams", List.of("webhook_url", "webhook_name"),
          "msteams_workflow", List.of("webhook_url", "webhook_name"));

  /** Headers that say where a request goes, where it ends, and what it is. */
  private static final Set<String> OURS =
      Set.of(
          "host",
          "connection",
          "content-length",
          "content-type",
          "transfer-encoding",
          "upgrade",
          "expect",
          "idempotency-key",
          "webhook-id",
          "webhook-timestamp",
          "webhook-signature");

  private static final Set<String> OPTIONAL =
      Set.of("webhook_secret", "webhook_headers", "webhook_payloads");

  private final Records records;
  private final Door door;
  private final InstantSource clock;

  RecipientRoutes(Records records, Door door, InstantSource clock) {
    this.records = records;
    this.door = door;
    this.clock = clock;
  }

  @Override
  public void register(Router router) {
    door.post(router, PATH, Scope.SLO_WRITE, this::create);
    door.get(
        router,
        PATH,
        Scope.SLO_WRITE,
        _ -> Answer.json(JsonTree.array(records.recipients().all(), RecipientRoutes::view)));
    door.get(router, PATH + "/:id", Scope.SLO_WRITE, ctx -> Answer.json(view(found(ctx))));
    door.put(router, PATH + "/:id", Scope.SLO_WRITE, this::update);
    door.delete(router, PATH + "/:id", Scope.SLO_WRITE, this::delete);
  }

  private Answer create(RoutingContext ctx) throws IOException {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Recipient recipient = read(ctx, UUID.randomUUID().toString(), now, now);
    save(recipient);
    return Answer.json(201, view(recipient));
  }

  private Answer update(RoutingContext ctx) throws IOException {
    Recipient before = found(ctx);
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Recipient recipient = read(ctx, before.id(), before.createdAt(), now);
    if (!recipient.type().equals(before.type())) {
      throw Refusal.invalid("type", "invalid", "cannot be changed; make another recipient");
    }
    save(recipient);
    return Answer.json(view(recipient));
  }

  private void save(Recipient recipient) {
    boolean isThere =
        records.recipients().all().stream()
            .anyMatch(
                other ->
                    !other.id().equals(recipient.id())
                        && other.type().equals(recipient.type())
                        && target(other).equals(target(recipient))
                        && name(other).equals(name(recipient)));
    if (isThere) {
      throw new Refusal(409, "there is such a recipient already");
    }
    records.recipients().save(recipient);
  }

  private static Recipient read(RoutingContext ctx, String id, Instant created, Instant updated)
      throws IOException {
    HoneycombBody body = HoneycombBody.read(ctx, "a recipient", KEYS);
    String type = body.choice("type", "", DETAILS.keySet());
    List<String> known = DETAILS.getOrDefault(type, List.of());
    HoneycombBody details = body.object("details", Set.copyOf(known));
    for (String key : known) {
      check(details, key);
    }
    return new Recipient(id, type, details.json().toString(), created, updated);
  }

  private static void check(HoneycombBody details, String key) {
    switch (key) {
      case "webhook_url" -> webAddress(details.text(key, 1, 2_048));
      case "pagerduty_integration_key" -> details.text(key, 32, 32);
      case "webhook_headers" -> headers(details);
      case "webhook_payloads" ->
          details.refuse(key, "is not supported: Firebreak's own payload is sent");
      default -> details.text(key, OPTIONAL.contains(key) ? 0 : 1, 255);
    }
  }

  private static void webAddress(String text) {
    try {
      URI uri = new URI(text);
      if (Set.of("http", "https").contains(String.valueOf(uri.getScheme()))
          && uri.getHost() != null
          && uri.getUserInfo() == null) {
        return;
      }
    } catch (URISyntaxException e) {
      // Said below, as for an address of another kind.
    }
    throw Refusal.invalid("webhook_url", "invalid", "is not a web address");
  }

  private static void headers(HoneycombBody details) {
    for (JsonNode each :
        HoneycombBody.checked(
            "webhook_headers", () -> JsonKeys.list(details.json(), "webhook_headers", 5))) {
      HoneycombBody header = new HoneycombBody(each);
      String name = header.text("header", 1, 64);
      String value = header.text("value", 0, 512);
      if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
        throw Refusal.invalid("webhook_headers", "invalid", name + " is ours to set");
      }
      if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")
          || value.chars().anyMatch(c -> c < ' ' || c > '~')) {
        throw Refusal.invalid("webhook_headers", "invalid", name + " is not a header of HTTP");
      }
    }
  }

  /** What the recipient is told at: an address, a channel, a key; for a webhook its name. */
  static String target(Recipient recipient) {
    JsonNode details = JsonTree.parsed(recipient.details());
    List<String> known = DETAILS.getOrDefault(recipient.type(), List.of());
    boolean isNamed = known.contains("webhook_name");
    return known.isEmpty()
        ? ""
        : details.path(isNamed ? "webhook_name" : known.getFirst()).asText("");
  }

  private static String name(Recipient recipient) {
    return JsonTree.parsed(recipient.details()).path("webhook_url").asText("");
  }

  private Answer delete(RoutingContext ctx) {
    Recipient recipient = found(ctx);
    boolean isUsed =
        records.burnAlerts().all().stream()
            .flatMap(alert -> alert.recipients().stream())
            .anyMatch(told -> told.recipient().equals(recipient.id()));
    if (isUsed) {
      throw new Refusal(409, "the recipient is told of a burn alert; take it out there first");
    }
    records.recipients().delete(recipient.id());
    return Answer.empty(204);
  }

  private Recipient found(RoutingContext ctx) {
    String id = Parameters.path(ctx, "id");
    return records
        .recipients()
        .find(id)
        .orElseThrow(() -> new Refusal(404, "there is no recipient " + id));
  }

  private static ObjectNode view(Recipient recipient) {
    ObjectNode view = JsonTree.object();
    view.put("id", recipient.id());
    view.put("type", recipient.type());
    view.set("details", JsonTree.parsed(recipient.details()));
    view.set("created_at", JsonTree.time(recipient.createdAt()));
    view.set("updated_at", JsonTree.time(recipient.updatedAt()));
    view.put("delivery", delivery(recipient.type()));
    return view;
  }

  private static String delivery(String type) {
    return switch (type) {
      case "pagerduty", "webhook" -> "sent";
      case "slack" -> "sent to the Slack webhook of the configuration, where there is one";
      default -> "none: Firebreak sends no " + type;
    };
  }
}
