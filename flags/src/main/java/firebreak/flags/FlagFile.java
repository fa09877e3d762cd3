package firebreak.flags;

import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.flags.Targeting.Edit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Flags in a file, changed under a lock file and by renaming, so that every application that reads
 * the same file follows at once.
 *
 * <p>The fence is the hash of the flag's node. In LaunchDarkly's format the node's {@code version}
 * cannot serve: the SDK counts its own when it reads a file, and people forget to raise it.
 */
final class FlagFile implements FlagSwitch {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final Path path;
  private final FlagFormat format;

  FlagFile(Path path, FlagFormat format) {
    this.path = path;
    this.format = format;
  }

  /** Complains in one line, naming the path and the cause, unless the file can be used. */
  static void check(Path path, FlagFormat format) {
    try {
      FlagDocument.read(path, format);
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  @Override
  public List<String> keys() {
    return document().keys();
  }

  @Override
  public List<FlagState> all() {
    FlagDocument document = document();
    Dependents dependents = format.dependents(document);
    List<FlagState> states = new ArrayList<>();
    for (String key : document.keys()) {
      ObjectNode flag = document.flag(key);
      if (flag != null) {
        states.add(dependents.of(format.state(key, flag)));
      }
    }
    return states;
  }

  @Override
  public Optional<FlagState> read(String flag) {
    FlagDocument document = document();
    ObjectNode node = document.flag(flag);
    return node == null
        ? Optional.empty()
        : Optional.of(format.dependents(document).of(format.state(flag, node)));
  }

  @Override
  public Outcome apply(Withdrawal withdrawal) {
    return write(withdrawal, withdrawal.fence(), edit(withdrawal), true);
  }

  @Override
  public Outcome undo(Withdrawal withdrawal, String before, String fence) {
    return write(withdrawal, fence, (_, now) -> format.restore(now, before, withdrawal), false);
  }

  @Override
  public Outcome restore(Restoration step) {
    return write(step.withdrawal(), step.fence(), (_, now) -> format.step(now, step), false);
  }

  @Override
  public Outcome dryRun(Restoration step) {
    try {
      return plan(
          FlagDocument.read(path, format),
          step.withdrawal(),
          step.fence(),
          (_, now) -> format.step(now, step));
    } catch (IOException e) {
      return new Outcome.Unavailable(String.valueOf(e.getMessage()), RETRY_AFTER);
    }
  }

  @Override
  public Outcome dryRun(Withdrawal withdrawal) {
    try {
      return plan(
          FlagDocument.read(path, format), withdrawal, withdrawal.fence(), edit(withdrawal));
    } catch (IOException e) {
      return new Outcome.Unavailable(String.valueOf(e.getMessage()), RETRY_AFTER);
    }
  }

  @Override
  public Landing landed(Withdrawal withdrawal) {
    try (LockedFile file = LockedFile.open(path)) {
      ObjectNode flag = FlagDocument.read(file.path(), format).flag(withdrawal.flag());
      Optional<FileJournal.Entry> entry = new FileJournal(file.path()).find(withdrawal.intent());
      if (flag == null || entry.isEmpty() || !format.holds(flag, withdrawal)) {
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

  private BiFunction<FlagDocument, ObjectNode, Edit> edit(Withdrawal withdrawal) {
    return (document, flag) -> format.withdraw(document, flag, withdrawal);
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
      case Edit.Edited(ObjectNode after) ->
          new Outcome.WouldApply(flag.toString(), after.toString());
    };
  }

  private Outcome write(
      Withdrawal withdrawal,
      String fence,
      BiFunction<FlagDocument, ObjectNode, Edit> edit,
      boolean journalled) {
    boolean renamed = false;
    try (LockedFile file = LockedFile.open(path)) {
      FlagDocument document = FlagDocument.read(file.path(), format);
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
      return FlagDocument.read(path, format);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
