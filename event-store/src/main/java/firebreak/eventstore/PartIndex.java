package firebreak.eventstore;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.Term;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * The Lucene index of the part files: one document for each, with the values of the looked-up
 * fields as terms. A commit changes which parts there are, and how far they cover the journal, as
 * one.
 */
final class PartIndex implements Closeable {
  private static final String ID = "id";
  private static final String DATASET = "dataset";
  private static final String NUMBERS = "numbers";
  private static final String LOOKUP = "lookup";
  private static final String ARRIVED = "arrived";

  /** Everything that one commit changes. */
  record Edit(
      Collection<StoredPart> removed, Collection<StoredPart> added, BatchKeys.Drained keys) {}

  private final Directory directory;
  private @Nullable IndexWriter writer;
  private DirectoryReader reader;
  private CommitMark mark;

  /** Of the last commit; null where it was made before commits said it, and nobody has read it. */
  private @Nullable Inventory inventory;

  private boolean inDoubt;

  PartIndex(Directory directory) throws IOException {
    this.directory = directory;
    if (!DirectoryReader.indexExists(directory)) {
      commitNothing();
    }
    reader = DirectoryReader.open(directory);
    Map<String, String> said = reader.getIndexCommit().getUserData();
    mark = CommitMark.restore(said);
    inventory = Inventory.restore(said);
  }

  private void commitNothing() throws IOException {
    try {
      IndexWriter fresh = writer();
      fresh.setLiveCommitData(said(CommitMark.NONE, Inventory.EMPTY).entrySet());
      fresh.commit();
    } catch (IOException | RuntimeException e) {
      rollBack(e); // or its lock is held for as long as this process lives
      throw e;
    }
  }

  private IndexWriter writer() throws IOException {
    IndexWriter open = writer;
    if (open == null) {
      IndexWriterConfig config = new IndexWriterConfig();
      config.setCommitOnClose(false);
      config.setMaxFullFlushMergeWaitMillis(0);
      config.setMergeScheduler(new SerialMergeScheduler());
      open = new IndexWriter(directory, config);
      writer = open;
    }
    return open;
  }

  /** What the last commit says. */
  CommitMark mark() {
    return mark;
  }

  /** Reads what the last commit holds. */
  DirectoryReader reader() {
    return reader;
  }

  private static Map<String, String> said(CommitMark mark, Inventory inventory) {
    Map<String, String> said = new HashMap<>(mark.save());
    said.putAll(inventory.save());
    return said;
  }

  /**
   * All parts as of the last commit.
   *
   * @throws IOException if they are not those that it says it has
   */
  List<PartEntry> entries() throws IOException {
    List<PartEntry> entries = readEntries();
    Inventory found = Inventory.of(entries);
    if (inventory != null) {
      inventory.verify(found);
    }
    inventory = found;
    return entries;
  }

  private List<PartEntry> readEntries() throws IOException {
    List<PartEntry> entries = new ArrayList<>();
    for (LeafReaderContext leaf : reader.leaves()) {
      Bits live = leaf.reader().getLiveDocs();
      for (int doc = 0; doc < leaf.reader().maxDoc(); doc++) {
        if (live == null || live.get(doc)) {
          Document document = leaf.reader().storedFields().document(doc);
          if (document.get(ID) != null) {
            entries.add(entry(document));
          }
        }
      }
    }
    return entries;
  }

  /**
   * Commits a change. When this fails nothing has changed, and the next commit starts anew; except
   * that the change {@link #isInDoubt} when the index could not even be read again.
   *
   * @param next must be numbered one above the last
   */
  void commit(Edit edit, CommitMark next) throws IOException {
    try {
      IndexWriter open = writer();
      for (StoredPart part : edit.removed()) {
        open.deleteDocuments(new Term(ID, part.entry().file()));
      }
      for (StoredPart part : edit.added()) {
        open.addDocument(document(part));
      }
      open.deleteDocuments(LongPoint.newRangeQuery(ARRIVED, Long.MIN_VALUE, edit.keys().expired()));
      if (!edit.keys().uses().isEmpty()) {
        open.addDocument(document(edit.keys()));
      }
      open.setLiveCommitData(said(next, after(edit)).entrySet());
      open.commit();
    } catch (IOException | RuntimeException e) {
      rollBack(e);
      refresh();
      if (mark.number() != next.number()) {
        throw e;
      }
      return;
    }
    refresh();
  }

  private Inventory after(Edit edit) throws IOException {
    Inventory before = inventory == null ? Inventory.of(readEntries()) : inventory;
    return before.without(entries(edit.removed())).with(entries(edit.added()));
  }

  private static List<PartEntry> entries(Collection<StoredPart> parts) {
    return parts.stream().map(StoredPart::entry).toList();
  }

  /** Whether the last commit may have come to its end or not. */
  boolean isInDoubt() {
    return inDoubt;
  }

  /** Reads the last commit again. While that fails, nothing may be committed. */
  void refresh() throws IOException {
    inDoubt = true;
    DirectoryReader changed = DirectoryReader.openIfChanged(reader);
    if (changed != null) {
      Map<String, String> said = changed.getIndexCommit().getUserData();
      CommitMark found = CommitMark.restore(said);
      reader.decRef();
      reader = changed;
      mark = found;
      inventory = Inventory.restore(said);
    }
    inDoubt = false;
  }

  private void rollBack(Exception cause) {
    IndexWriter open = writer;
    writer = null;
    try {
      if (open != null) {
        open.rollback();
      }
    } catch (IOException | RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  private static Document document(StoredPart part) {
    PartEntry entry = part.entry();
    Document document = new Document();
    document.add(new StringField(ID, entry.file(), Field.Store.YES));
    document.add(new BinaryDocValuesField(Terms.FILE, new BytesRef(entry.file())));
    document.add(new StoredField(DATASET, entry.dataset()));
    document.add(new StoredField(NUMBERS, entry.numbers()));
    for (String lookup : entry.lookups()) {
      document.add(new StoredField(LOOKUP, lookup));
      Field terms = part.part() == null ? null : Terms.of(part.part(), lookup);
      if (terms != null) {
        document.add(terms);
      }
    }
    return document;
  }

  private static PartEntry entry(Document document) throws IOException {
    return PartEntry.of(
        document.get(DATASET),
        document.get(ID),
        document.get(NUMBERS),
        new HashSet<>(List.of(document.getValues(LOOKUP))));
  }

  private static Document document(BatchKeys.Drained keys) {
    Document document = new Document();
    document.add(new LongPoint(ARRIVED, keys.latest()));
    document.add(Terms.field(BatchKeys.FIELD, keys.terms().iterator()));
    return document;
  }

  /** The names of the files that the last commit consists of. */
  Set<String> files() throws IOException {
    return new HashSet<>(reader.getIndexCommit().getFileNames());
  }

  /** Verifies the checksums of the index itself. */
  void checkIntegrity() throws IOException {
    for (LeafReaderContext leaf : reader.leaves()) {
      leaf.reader().checkIntegrity();
    }
  }

  @Override
  public void close() throws IOException {
    try (Directory _ = directory) {
      reader.decRef();
      IndexWriter open = writer;
      if (open != null) {
        open.rollback();
      }
    }
  }
}
