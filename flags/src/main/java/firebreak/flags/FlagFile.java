package firebreak.flags;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.flags.Targeting.Edit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Flags in a file of LaunchDarkly's own format, changed under a lock file and by renaming, so that
 * every application whose SDK reads the same file follows at once.
 *
 * <p>The fence is the hash of the flag's node. The node's {@code version} cannot serve: the SDK
 * counts its own when it reads a file, and people forget to raise it.
 */
final class FlagFile implements FlagSwitch {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final Path path;

  FlagFile(Path path) {
    this.path = path;
  }

  /** Complains in one line, naming the path and the cause, unless the file can be used. */
  static void check(Path path) {
    try {
      FlagDocument.read(path);
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  @Override
  public List<String> keys() {
    return document().keys();
  }

  @Override
  public Optional<FlagState> read(String flag) {
    ObjectNode node = document().flag(flag);
    return node == null ? Optional.empty() : Optional.of(state(flag, node));
  }

  @Override
  public Outcome apply(Withdrawal withdrawal) {
    return write(withdrawal, withdrawal.fence(), edit(withdrawal), true);
  }

  @Override
  public Outcome undo(Withdrawal withdrawal, String before, String fence) {
    return write(withdrawal, fence, (_, now) -> Targeting.restore(now, before, withdrawal), false);
  }

  @Override
  public Outcome dryRun(Withdrawal withdrawal) {
    try {
      return plan(FlagDocument.read(path), withdrawal, withdrawal.fence(), edit(withdrawal));
    } catch (IOException e) {
      return new Outcome.Unavailable(String.valueOf(e.getMessage()), RETRY_AFTER);
    }
  }

  @Override
  public Landing landed(Withdrawal withdrawal) {
    try (LockedFile file = LockedFile.open(path)) {
      ObjectNode flag = FlagDocument.read(file.path()).flag(withdrawal.flag());
      Optional<FileJournal.Entry> entry = new FileJournal(file.path()).find(withdrawal.intent());
      if (flag == null || entry.isEmpty() || !Targeting.holds(flag, withdrawal)) {
        return new Landing.Absent();
      }
      return new Landing.Landed(entry.get().fence(), entry.get().before(), entry.get().after());
    } catch (IOException e) {
      return new Landing.Unreachable(String.valueOf(e.getMessage()));
    }
  }

  /** The fence is compared here, under the lock. */
  @Override
  public boolean preconditionsEnforced() {
    return true;
  }

  private static BiFunction<FlagDocument, ObjectNode, Edit> edit(Withdrawal withdrawal) {
    return (document, flag) ->
        withdrawal.audience() instanceof Audience.Segment(String key) && !document.hasSegment(key)
            ? new Edit.Impossible("the flag file has no segment " + key)
            : Targeting.withdraw(flag, withdrawal);
  }

  /** What the edit would do to the file as it stands, if the fence is still in force. */
  private static Outcome plan(
      FlagDocument document,
      Withdrawal withdrawal,
      String fence,
      BiFunction<FlagDocument, ObjectNode, Edit> edit) {
    ObjectNode flag = document.flag(withdrawal.flag());
    if (flag == null) {
      return new Outcome.Refused("the flag file has no flag " + withdrawal.flag());
    }
    if (!FlagJson.hash(flag).equals(fence)) {
      return new Outcome.Superseded(FlagJson.hash(flag));
    }
    return switch (edit.apply(document, flag)) {
      case Edit.Impossible(String why) -> new Outcome.Refused(why);
      case Edit.Edited(ObjectNode after) -> {
        after.put("version", flag.path("version").asLong(0) + 1);
        yield new Outcome.WouldApply(flag.toString(), after.toString());
      }
    };
  }

  private Outcome write(
      Withdrawal withdrawal,
      String fence,
      BiFunction<FlagDocument, ObjectNode, Edit> edit,
      boolean journalled) {
    boolean renamed = false;
    try (LockedFile file = LockedFile.open(path)) {
      FlagDocument document = FlagDocument.read(file.path());
      Outcome plan = plan(document, withdrawal, fence, edit);
      if (!(plan instanceof Outcome.WouldApply(String before, String after))) {
        return plan;
      }
      ObjectNode node = FlagJson.object(after);
      String newFence = FlagJson.hash(node);
      if (journalled) {
        new FileJournal(file.path())
            .append(new FileJournal.Entry(withdrawal.intent(), newFence, before, after));
      }
      file.replace(document.with(withdrawal.flag(), node));
      renamed = true;
      file.syncFolder();
      return new Outcome.Applied(newFence, before, after);
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      return renamed ? new Outcome.Unknown(why) : new Outcome.Unavailable(why, RETRY_AFTER);
    }
  }

  private FlagDocument document() {
    try {
      return FlagDocument.read(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FlagState state(String key, ObjectNode node) {
    List<String> variations = FlagJson.variations(node);
    int off = node.path("offVariation").asInt(-1);
    Set<String> tags = new HashSet<>();
    for (JsonNode tag : node.path("tags")) {
      tags.add(tag.asText());
    }
    return new FlagState(
        key,
        FlagJson.hash(node),
        node.path("on").asBoolean(false),
        variations,
        off >= 0 && off < variations.size() ? variations.get(off) : null,
        node.path("temporary").asBoolean(true),
        node.path("archived").asBoolean(false),
        tags,
        node.toString());
  }
}
