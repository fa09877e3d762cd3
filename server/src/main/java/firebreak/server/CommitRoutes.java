package firebreak.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.deploytracker.Change;
import firebreak.deploytracker.ChangeLog;
import firebreak.deploytracker.github.CommitHistory.Commit;
import firebreak.deploytracker.github.CommitHistory.PullRequest;
import firebreak.deploytracker.github.FlagReference;
import firebreak.deploytracker.github.GitHubAnswer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** What a deploy brought, asked by its change. */
final class CommitRoutes implements Routes {
  private final ChangeLog changes;
  private final BuildCommits commits;
  private final Door door;

  CommitRoutes(ChangeLog changes, BuildCommits commits, Door door) {
    this.changes = changes;
    this.commits = commits;
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
    return switch (commits.of(deploy)) {
      case GitHubAnswer.Found<BuildCommits.Brought> found -> Answer.json(view(found.value()));
      case GitHubAnswer.Unavailable<BuildCommits.Brought> unavailable ->
          throw unavailable.retry()
              ? Refusal.overloaded(unavailable.why())
              : new Refusal(422, unavailable.why());
    };
  }

  private static ObjectNode view(BuildCommits.Brought brought) {
    ObjectNode view = JsonTree.object();
    view.put("repository", brought.repository());
    view.put("base", brought.base());
    view.put("head", brought.head());
    view.put("total", brought.comparison().total());
    view.set("commits", JsonTree.array(brought.comparison().commits(), CommitRoutes::commit));
    view.set("files", JsonTree.texts(brought.comparison().files()));
    view.set("flags", JsonTree.array(brought.comparison().flags(), CommitRoutes::flag));
    view.set("pull_requests", JsonTree.array(brought.pullRequests(), CommitRoutes::pullRequest));
    return view;
  }

  static ObjectNode pullRequest(PullRequest pull) {
    ObjectNode view = JsonTree.object();
    view.put("number", pull.number());
    view.put("title", pull.title());
    view.put("author", pull.author());
    view.put("url", pull.url());
    view.set("merged_at", JsonTree.time(pull.mergedAt()));
    return view;
  }

  static ObjectNode commit(Commit commit) {
    ObjectNode view = JsonTree.object();
    view.put("sha", commit.sha());
    view.put("message", commit.message());
    view.put("author", commit.author());
    view.set("time", JsonTree.time(commit.time()));
    view.set("files", JsonTree.texts(commit.files()));
    view.set("flags", JsonTree.array(commit.flags(), CommitRoutes::flag));
    return view;
  }

  private static ObjectNode flag(FlagReference reference) {
    ObjectNode view = JsonTree.object();
    view.put("flag", reference.flag());
    view.put("path", reference.path());
    view.put("line", reference.line());
    view.put("added", reference.added());
    return view;
  }
}
