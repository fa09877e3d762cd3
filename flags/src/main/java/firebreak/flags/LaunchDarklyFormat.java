package firebreak.flags;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.flags.Targeting.Edit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** LaunchDarkly's own format of file data, in JSON. Every edit raises the flag's version. */
record LaunchDarklyFormat() implements FlagFormat {

  @Override
  public void check(ObjectNode root) throws IOException {
    if (root.has("flagValues")) {
      throw new IOException(
          "\"flagValues\" cannot be targeted; write those flags out under \"flags\"");
    }
    if (root.has("segments") && !root.path("segments").isObject()) {
      throw new IOException("its \"segments\" must be an object");
    }
    for (var flag : root.path("flags").properties()) {
      if (flag.getValue().path("variations").isEmpty()) {
        throw new IOException("flag \"" + flag.getKey() + "\" has no variations");
      }
    }
  }

  @Override
  public FlagState state(String key, ObjectNode flag) {
    List<String> variations = FlagJson.variations(flag);
    int off = flag.path("offVariation").asInt(-1);
    Set<String> tags = new HashSet<>();
    for (JsonNode tag : flag.path("tags")) {
      tags.add(tag.asText());
    }
    return new FlagState(
        key,
        FlagJson.hash(flag),
        flag.path("on").asBoolean(false),
        variations,
        off >= 0 && off < variations.size() ? variations.get(off) : null,
        flag.path("temporary").asBoolean(true),
        flag.path("archived").asBoolean(false),
        tags,
        flag.toString());
  }

  @Override
  public Dependents dependents(FlagDocument document) {
    List<ObjectNode> flags = new ArrayList<>();
    for (String key : document.keys()) {
      ObjectNode flag = document.flag(key);
      if (flag != null) {
        flags.add(flag.deepCopy().put("key", key));
      }
    }
    return Dependents.of(flags);
  }

  @Override
  public Edit withdraw(FlagDocument document, ObjectNode flag, Withdrawal withdrawal) {
    if (withdrawal.audience() instanceof Audience.Segment(String key)
        && !document.has("segments", key)) {
      return new Edit.Impossible("the flag file has no segment " + key);
    }
    return raised(flag, Targeting.withdraw(flag, withdrawal));
  }

  @Override
  public boolean holds(ObjectNode flag, Withdrawal withdrawal) {
    return Targeting.holds(flag, withdrawal);
  }

  @Override
  public Edit restore(ObjectNode now, String before, Withdrawal withdrawal) {
    return raised(now, Targeting.restore(now, before, withdrawal));
  }

  @Override
  public Edit step(ObjectNode now, Restoration step) {
    return raised(now, Ramp.step(now, step));
  }

  private static Edit raised(ObjectNode before, Edit edit) {
    if (edit instanceof Edit.Edited(ObjectNode after)) {
      after.put("version", before.path("version").asLong(0) + 1);
    }
    return edit;
  }
}
