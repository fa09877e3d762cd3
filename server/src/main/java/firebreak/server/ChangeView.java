package firebreak.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.deploytracker.Change;

/** A {@link Change} as the API shows it. */
final class ChangeView {
  private ChangeView() {}

  static ObjectNode view(Change change) {
    ObjectNode view = JsonTree.object();
    view.put("id", change.id());
    view.put("kind", kind(change));
    view.set("time", JsonTree.time(change.time()));
    view.put("service", change.service());
    view.put("environment", change.environment());
    view.put("name", change.name());
    view.put("summary", change.summary());
    view.put("actor", change.actor());
    view.put("url", change.url());
    view.putNull("build_id");
    view.putNull("flag");
    switch (change) {
      case Change.Build build -> {
        view.put("build_id", build.buildId());
        view.put("commit", build.commit());
        view.put("branch", build.branch());
        view.put("repository", build.repository());
        view.put("state", IncidentView.word(build.state()));
        view.set("finished_at", JsonTree.time(build.finishedAt()));
      }
      case Change.Deploy deploy -> {
        view.put("build_id", deploy.buildId());
        view.put("version", deploy.version());
        view.put("commit", deploy.commit());
        view.put("repository", deploy.repository());
        view.put("state", IncidentView.word(deploy.state()));
        view.put("observed", deploy.observed());
        view.set("finished_at", JsonTree.time(deploy.finishedAt()));
      }
      case Change.FlagChange flag -> {
        view.put("flag", flag.flag());
        view.put("version", flag.fence());
        view.put("own", flag.own());
        view.put("first_sight", flag.isFirstSight());
        view.set("before", JsonTree.parsed(flag.before()));
        view.set("after", JsonTree.parsed(flag.after()));
      }
      case Change.Marker marker -> {
        view.put("type", marker.type());
        view.put("repository", marker.repository());
        view.put("commit", marker.commit());
        view.set("finished_at", JsonTree.time(marker.finishedAt()));
      }
    }
    return view;
  }

  static String kind(Change change) {
    return switch (change) {
      case Change.Build _ -> "build";
      case Change.Deploy _ -> "deploy";
      case Change.FlagChange _ -> "flag";
      case Change.Marker _ -> "marker";
    };
  }
}
