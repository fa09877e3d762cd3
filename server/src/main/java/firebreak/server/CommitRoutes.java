package firebreak.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.deploytracker.Change;
import firebreak.deploytracker.ChangeLog;
import firebreak.deploytracker.CommitHistory;
import firebreak.deploytracker.CommitHistory.Commit;
import firebreak.eventstore.TimeRange;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;

/** What a deploy brought: the commits since the build that ran before it, as GitHub has them. */
final class CommitRoutes implements Routes {
  private final ChangeLog changes;
  private final CommitHistory history;
  private final Door door;

  CommitRoutes(ChangeLog changes, CommitHistory history, Door door) {
    this.changes = changes;
    this.history = history;
    this.door = door;
  }

  @Override
  public void register(Router router) {
    door.get(router, "/api/v1/changes/:id/commits", Scope.QUERY, this::commits);
  }

  private Answer commits(RoutingContext ctx) {
    String id = Parameters.path(ctx, "id");
    Change change =
        changes.find(id).orElseThrow(() -> new Refusal(404, "there is no change " + id));
    if (!(change instanceof Change.Deploy deploy)) {
      throw new Refusal(422, "only a deploy brings commits, and %s is none".formatted(id));
    }
    Change.Deploy before = before(deploy);
    if (deploy.repository().isEmpty() || deploy.commit().isEmpty() || before.commit().isEmpty()) {
      throw new Refusal(
          422,
          "the repository and the commits of this deploy and the one before are not all known");
    }
    return switch (history.between(deploy.repository(), before.commit(), deploy.commit())) {
      case CommitHistory.Answer.Found<CommitHistory.Comparison> found -> {
        ObjectNode view = JsonTree.object();
        view.put("repository", deploy.repository());
        view.put("base", before.commit());
        view.put("head", deploy.commit());
        view.put("total", found.value().total());
        view.set("commits", JsonTree.array(found.value().commits(), CommitRoutes::commit));
        view.set("files", JsonTree.texts(found.value().files()));
        yield Answer.json(view);
      }
      case CommitHistory.Answer.Unavailable<CommitHistory.Comparison> unavailable ->
          throw Refusal.overloaded(unavailable.why());
    };
  }

  /** The deploy of the same service to the same place that came before. */
  private Change.Deploy before(Change.Deploy deploy) {
    return changes.changes(new TimeRange(Instant.EPOCH, deploy.time())).reversed().stream()
        .filter(change -> change instanceof Change.Deploy)
        .map(change -> (Change.Deploy) change)
        .filter(earlier -> earlier.service().equals(deploy.service()))
        .filter(earlier -> earlier.environment().equals(deploy.environment()))
        .filter(earlier -> !earlier.commit().equals(deploy.commit()))
        .findFirst()
        .orElseThrow(() -> new Refusal(422, "no deploy before this one is known"));
  }

  private static ObjectNode commit(Commit commit) {
    ObjectNode view = JsonTree.object();
    view.put("sha", commit.sha());
    view.put("message", commit.message());
    view.put("author", commit.author());
    view.set("time", JsonTree.time(commit.time()));
    view.set("files", JsonTree.texts(commit.files()));
    return view;
  }
}
