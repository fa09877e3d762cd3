package firebreak.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.records.AskedQuery;
import firebreak.records.QueryAnnotation;
import firebreak.records.Records;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Every query that anyone asked, and those that somebody gave a name, to be found again. */
final class HistoryRoutes implements Routes {
  private static final int SHOWN = 100;
  private static final int SHOWN_AT_MOST = 1_000;

  private final AskedQueries asked;
  private final Records records;
  private final Door door;

  HistoryRoutes(AskedQueries asked, Records records, Door door) {
    this.asked = asked;
    this.records = records;
    this.door = door;
  }

  @Override
  public void register(Router router) {
    door.get(router, "/api/v1/queries", Scope.QUERY, this::list);
  }

  private Answer list(RoutingContext ctx) {
    String words = Objects.requireNonNullElse(ctx.queryParams().get("find"), "");
    String limit = Objects.requireNonNullElse(ctx.queryParams().get("limit"), "" + SHOWN);
    if (!limit.matches("[1-9]\\d{0,3}") || Integer.parseInt(limit) > SHOWN_AT_MOST) {
      throw new IllegalArgumentException(
          "limit is a whole number from 1 to %d, was %s".formatted(SHOWN_AT_MOST, limit));
    }
    ObjectNode view = JsonTree.object();
    view.set("asked", JsonTree.array(asked.find(words, Integer.parseInt(limit)), this::view));
    view.set("named", JsonTree.array(named(words), this::view));
    view.put("kept_at_most", AskedQueries.KEPT);
    return Answer.json(view);
  }

  private List<QueryAnnotation> named(String words) {
    List<String> wanted = List.of(words.toLowerCase(Locale.ROOT).strip().split("\\s+"));
    return records.queryAnnotations().all().reversed().stream()
        .filter(
            named -> {
              String text =
                  String.join(" ", named.name(), named.description(), named.dataset(), spec(named));
              return wanted.stream().allMatch(text.toLowerCase(Locale.ROOT)::contains);
            })
        .limit(SHOWN_AT_MOST)
        .toList();
  }

  private String spec(QueryAnnotation named) {
    return records.queries().find(named.query()).map(query -> query.spec()).orElse("");
  }

  private ObjectNode view(AskedQuery asked) {
    ObjectNode view = JsonTree.object();
    view.put("id", asked.id());
    view.put("dataset", asked.dataset());
    view.put("who", asked.who());
    view.set("first_asked_at", JsonTree.time(asked.firstAskedAt()));
    view.set("last_asked_at", JsonTree.time(asked.lastAskedAt()));
    view.put("times", asked.times());
    view.put("elapsed_ms", asked.millis());
    view.put("rows", asked.rows());
    view.set("query", JsonTree.parsed(asked.spec()));
    return view;
  }

  private ObjectNode view(QueryAnnotation named) {
    ObjectNode view = JsonTree.object();
    view.put("id", named.id());
    view.put("name", named.name());
    view.put("description", named.description());
    view.put("dataset", named.dataset());
    view.put("query_id", named.query());
    view.set("updated_at", JsonTree.time(named.updatedAt()));
    view.set("query", JsonTree.parsed(spec(named)));
    return view;
  }
}
