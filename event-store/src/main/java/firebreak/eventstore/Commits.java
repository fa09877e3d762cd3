package firebreak.eventstore;

import firebreak.eventstore.journal.Journal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Commits changes of the parts: first in the index on disk, then in the contents that questions
 * see; then the journal may forget what the parts hold. Used by the upkeep's thread alone.
 */
final class Commits {
  /** What one commit is to change. */
  static final class Step {
    final Set<FreshRows> written = new HashSet<>();
    final List<Frozen> frozen = new ArrayList<>();
    final Set<StoredPart> removed = new HashSet<>();
    final List<StoredPart> added = new ArrayList<>();
    final Map<String, Long> sealed = new HashMap<>();
    Applier.@Nullable Erasing erased;
    long erasedRows;
    final List<String> unread = new ArrayList<>();
    long rows;
    private boolean committed;
    private boolean inDoubt;

    /** Deletes what was written if it did not come into the index. */
    void abandon() {
      if (!committed && !inDoubt) {
        added.forEach(StoredPart::retire);
      }
    }
  }

  /** Rows in memory that are written. */
  record Frozen(String dataset, FreshRows.Shown shown) {}

  /** A commit of which it cannot be told whether it came to its end. */
  private record Doubt(Step step, CommitMark mark, BatchKeys.Drained keys) {}

  private static final System.Logger LOG = System.getLogger(Commits.class.getName());

  private final CurrentContents current;
  private final PartIndex index;
  private final BatchKeys batchKeys;
  private final Catalogue catalogue;
  private final Applier applier;
  private @Nullable Journal journal;
  private @Nullable Doubt doubt;

  Commits(
      CurrentContents current,
      PartIndex index,
      BatchKeys batchKeys,
      Catalogue catalogue,
      Applier applier) {
    this.current = current;
    this.index = index;
    this.batchKeys = batchKeys;
    this.catalogue = catalogue;
    this.applier = applier;
  }

  /** From now on the journal is trimmed after every commit. */
  void trim(Journal openJournal) {
    journal = openJournal;
  }

  void commit(Step step) throws IOException {
    long applied = applier.applied();
    BatchKeys.Drained keys = batchKeys.drain();
    CommitMark mark = nextMark(step, applied);
    try {
      index.commit(new PartIndex.Edit(step.removed, step.added, keys), mark);
    } catch (IOException | RuntimeException e) {
      if (index.isInDoubt()) {
        step.inDoubt = true;
        doubt = new Doubt(step, mark, keys);
      }
      throw e;
    }
    committed(step, mark, keys);
  }

  private void committed(Step step, CommitMark mark, BatchKeys.Drained keys) throws IOException {
    step.committed = true;
    current.publish(step.written, step.removed, step.added, index.reader());
    step.removed.forEach(StoredPart::retire);
    batchKeys.forget(keys);
    Applier.Erasing erased = step.erased;
    if (erased != null) {
      applier.erasing().remove(erased);
      complete(erased, step);
    }
    Journal open = journal;
    if (open != null) {
      open.deleteCovered(mark.covered());
    }
  }

  private static void complete(Applier.Erasing erased, Step step) {
    if (step.unread.isEmpty()) {
      erased.erased().complete(step.erasedRows);
      return;
    }
    IncompleteErasureException incomplete =
        new IncompleteErasureException(step.erasedRows, step.unread);
    LOG.log(System.Logger.Level.ERROR, incomplete.getMessage());
    erased.erased().completeExceptionally(incomplete);
  }

  /**
   * Finds out what became of a commit that is in doubt. Before that nothing may be written: the
   * rows that it was about would be written twice, or the files deleted to which it leads.
   */
  void settleDoubt() throws IOException {
    Doubt open = doubt;
    if (open == null) {
      return;
    }
    index.refresh();
    doubt = null;
    open.step().inDoubt = false;
    if (index.mark().number() == open.mark().number()) {
      committed(open.step(), open.mark(), open.keys());
    } else {
      open.step().abandon();
    }
  }

  private CommitMark nextMark(Step step, long applied) {
    CommitMark before = index.mark();
    Map<String, Long> sealed = new HashMap<>(before.sealed());
    step.sealed.forEach((dataset, sequence) -> sealed.merge(dataset, sequence, Math::max));
    long covered = applied;
    for (FreshRows fresh : fresh()) {
      FreshRows.Shown shown = fresh.shown();
      if (shown != null && !step.written.contains(fresh)) {
        covered = Math.min(covered, shown.first() - 1);
      }
    }
    for (Applier.Erasing erasing : applier.erasing()) {
      if (!erasing.equals(step.erased)) {
        covered = Math.min(covered, erasing.sequence() - 1);
      }
    }
    return new CommitMark(before.number() + 1, covered, sealed, catalogue.save());
  }

  private List<FreshRows> fresh() {
    Contents contents = current.acquire();
    try {
      return contents.fresh();
    } finally {
      contents.release();
    }
  }
}
