package firebreak.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.flags.FlagState;
import firebreak.flags.FlagSwitch;
import firebreak.guard.Guard;
import io.vertx.ext.web.Router;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;

/** The flags as their provider has them now, and whether the guard may turn each by itself. */
final class FlagRoutes implements Routes {
  /** Of more flags only the first are told of; a remote provider is asked about each. */
  private static final int SHOWN = 200;

  private final FlagSwitch flags;
  private final Guard guard;
  private final Door door;

  FlagRoutes(FlagSwitch flags, Guard guard, Door door) {
    this.flags = flags;
    this.guard = guard;
    this.door = door;
  }

  @Override
  public void register(Router router) {
    door.get(router, "/api/v1/flags", Scope.QUERY, _ -> Answer.json(view()));
  }

  private ObjectNode view() {
    ObjectNode view = JsonTree.object();
    try {
      List<FlagState> all = flags.all();
      List<FlagState> shown =
          all.stream().sorted(Comparator.comparing(FlagState::key)).limit(SHOWN).toList();
      view.set("flags", JsonTree.array(shown, this::view));
      view.put("truncated", all.size() > SHOWN);
    } catch (UncheckedIOException e) {
      throw new Refusal(503, "the flag provider cannot be read: " + e.getMessage());
    }
    return view;
  }

  private ObjectNode view(FlagState flag) {
    ObjectNode view = JsonTree.object();
    view.put("key", flag.key());
    view.put("version", flag.fence());
    view.put("on", flag.on());
    view.set("variations", JsonTree.texts(flag.variations()));
    view.put("off_variation", flag.offVariation());
    view.put("temporary", flag.temporary());
    view.put("archived", flag.archived());
    view.set("tags", JsonTree.texts(flag.tags().stream().sorted().toList()));
    view.set("dependents", JsonTree.texts(flag.dependents().stream().sorted().toList()));
    view.set("refusals", JsonTree.texts(guard.refusals(flag)));
    return view;
  }
}
