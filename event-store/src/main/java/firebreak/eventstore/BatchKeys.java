package firebreak.eventstore;

import firebreak.eventstore.columns.Times;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.StringHelper;

/**
 * The keys of the batches of the last day: those that came since the last commit in memory, the
 * others as terms of the index. A term is the dataset, the key, when it arrived and the number that
 * its batch has in the journal, so that a batch is not taken for its own repetition when the
 * journal is read again.
 */
final class BatchKeys {
  static final String FIELD = "batch_key";

  private static final long REMEMBERED = Limits.BATCH_KEY_TIME.toNanos();

  private record Name(String dataset, String key) {}

  private record Use(long arrived, long sequence) {}

  /**
   * Keys that go into the index.
   *
   * @param latest when the last of them arrived
   * @param expired keys that arrived then or earlier may go from the index
   */
  record Drained(Map<Name, Use> uses, long latest, long expired) {
    static final Drained NONE = new Drained(Map.of(), 0, Long.MIN_VALUE);

    List<BytesRef> terms() {
      return uses.entrySet().stream().map(use -> term(use.getKey(), use.getValue())).toList();
    }
  }

  private final Map<Name, Use> recent = new ConcurrentHashMap<>();
  private volatile long latest = Long.MIN_VALUE;

  /** Whether a batch with this key was kept before; takes note of the key if not. */
  boolean isRepeated(String dataset, BatchKey key, long sequence, DirectoryReader reader)
      throws IOException {
    Name name = new Name(dataset, key.text());
    Use use = new Use(Times.nanos(key.arrived()), sequence);
    latest = Math.max(latest, use.arrived());
    Use before = recent.get(name);
    if ((before != null && isRepetition(use, before)) || isIndexed(name, use, reader)) {
      return true;
    }
    recent.put(name, use);
    return false;
  }

  private static boolean isRepetition(Use use, Use before) {
    return before.sequence() < use.sequence() && use.arrived() - before.arrived() < REMEMBERED;
  }

  private static boolean isIndexed(Name name, Use use, DirectoryReader reader) throws IOException {
    BytesRef prefix = prefix(name);
    for (LeafReaderContext leaf : reader.leaves()) {
      org.apache.lucene.index.Terms terms = leaf.reader().terms(FIELD);
      if (terms == null) {
        continue;
      }
      TermsEnum each = terms.iterator();
      if (each.seekCeil(prefix) == TermsEnum.SeekStatus.END) {
        continue;
      }
      for (BytesRef term = each.term();
          term != null && StringHelper.startsWith(term, prefix);
          term = each.next()) {
        ByteBuffer rest = ByteBuffer.wrap(term.bytes, term.offset + prefix.length, 16);
        if (isRepetition(use, new Use(rest.getLong(), rest.getLong()))) {
          return true;
        }
      }
    }
    return false;
  }

  /** What is to be indexed now; it stays known until {@link #forget}. */
  Drained drain() {
    Map<Name, Use> uses = Map.copyOf(recent);
    long last = uses.values().stream().mapToLong(Use::arrived).max().orElse(0);
    long expired = latest == Long.MIN_VALUE ? Long.MIN_VALUE : latest - REMEMBERED;
    return new Drained(uses, last, expired);
  }

  /** What was drained is in the index now. */
  void forget(Drained drained) {
    drained.uses().forEach(recent::remove);
  }

  private static BytesRef prefix(Name name) {
    byte[] dataset = name.dataset().getBytes(StandardCharsets.UTF_8);
    byte[] key = name.key().getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(2 * Short.BYTES + dataset.length + key.length);
    bytes.putShort((short) dataset.length).put(dataset).putShort((short) key.length).put(key);
    return new BytesRef(bytes.array());
  }

  private static BytesRef term(Name name, Use use) {
    BytesRef prefix = prefix(name);
    ByteBuffer bytes = ByteBuffer.allocate(prefix.length + 2 * Long.BYTES);
    bytes.put(prefix.bytes).putLong(use.arrived()).putLong(use.sequence());
    return new BytesRef(bytes.array());
  }
}
