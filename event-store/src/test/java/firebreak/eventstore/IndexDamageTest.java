package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A flipped bit in any file of the index and the parts is found at the start or by the scrub. */
@Tag("durability")
final class IndexDamageTest {
  private static final long SEED = Long.getLong("firebreak.seed", 20_260_301L);
  private static final int EVENTS = 3_000;

  /** Finding damage is what this test is about; the log of the store would tell of all of it. */
  private static final Logger LOG = Logger.getLogger("firebreak.eventstore");

  static {
    LOG.setLevel(Level.OFF);
  }

  @TempDir Path directory;

  private LuceneEventStore open() {
    return LuceneEventStore.open(
        directory,
        StoreSettings.defaults()
            .withMerging(100, 2)
            .withFreeBytes(0)
            .withLookupFields(Set.of("host"))
            .withScrubBytesPerSecond(Long.MAX_VALUE));
  }

  private void fill() {
    try (LuceneEventStore store = open()) {
      for (int first = 0; first < EVENTS; first += 500) {
        store.append(Numbered.DATASET, Numbered.events(first, 500), null);
        store.seal();
      }
      store.erase(Numbered.DATASET, new Filter.In("number", Set.of(Value.of(7))));
    }
  }

  private static List<Object> answers(EventStore store) {
    List<Object> answers = new ArrayList<>(Numbered.in(store));
    Filter host = new Filter.In("host", Set.of(Value.of("host-3")));
    answers.add(store.query(Query.of("api", Numbered.EVER, host, Calculation.count())));
    answers.add(store.datasets());
    answers.add(store.fields(Numbered.DATASET));
    return answers;
  }

  private Map<Path, byte[]> files() throws IOException {
    Map<Path, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory.resolve(OpenStore.PARTS))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (Files.size(file) > 0) {
          files.put(file, Files.readAllBytes(file));
        }
      }
    }
    return files;
  }

  @Test
  void findsEveryFlippedBitAtTheStartOrByTheScrub() throws IOException {
    fill();
    List<Object> sound;
    try (LuceneEventStore store = open()) {
      sound = answers(store);
      assertEquals(List.of(), store.scrub());
    }
    Map<Path, byte[]> files = files();
    List<Path> names = List.copyOf(files.keySet());
    Random random = new Random(SEED);
    Figures figures = new Figures("R4", "any bit of the index and the part files flipped");
    int flips = Figures.runs("damages", 60, 2_000);
    int atStart = 0;
    for (int flip = 0; flip < flips; flip++) {
      Path file = names.get(random.nextInt(names.size()));
      byte[] bytes = files.getOrDefault(file, new byte[0]).clone();
      int bit = random.nextInt(8 * bytes.length);
      bytes[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(file, bytes);
      String what = "seed %d: bit %d of %s".formatted(SEED, bit, file.getFileName());
      boolean foundAtStart = isFound(what, sound);
      atStart += foundAtStart ? 1 : 0;
      figures.ran(1);
      restore(files);
    }
    figures.control("%d at the start, the others by the scrub".formatted(atStart));
    figures.write();
  }

  /** A bit that hides an entry's id must not make an orphan of its part file. */
  @Test
  void refusesAnIndexThatLacksAnEntryAndDeletesNothing() throws IOException {
    fill();
    Path parts = directory.resolve(OpenStore.PARTS);
    loseAnEntry(parts);
    Set<Path> before = files().keySet();
    UncheckedIOException refused = assertThrows(UncheckedIOException.class, this::open);
    String why = String.valueOf(refused.getCause());
    assertTrue(why.matches(".*names \\d+ part files, its last commit \\d+\\. .*"), why);
    assertEquals(before, files().keySet());
  }

  private static void loseAnEntry(Path parts) throws IOException {
    try (Directory index = FSDirectory.open(parts);
        DirectoryReader reader = DirectoryReader.open(index)) {
      Map<String, String> said = reader.getIndexCommit().getUserData();
      String id = reader.storedFields().document(0).get("id");
      try (IndexWriter writer = new IndexWriter(index, new IndexWriterConfig())) {
        writer.deleteDocuments(new Term("id", id));
        writer.setLiveCommitData(said.entrySet());
        writer.commit();
      }
    }
  }

  /** Whether the start tells; if not, the scrub must, and then no answer may be wrong. */
  private boolean isFound(String what, List<Object> sound) {
    try (LuceneEventStore store = open()) {
      boolean atStart = !store.status().damaged().isEmpty();
      assertFalse(store.scrub().isEmpty(), what + " was not found");
      try {
        assertEquals(sound, answers(store), what);
      } catch (DamagedPartException e) {
        assertTrue(String.valueOf(e.getMessage()).contains("is damaged"));
      }
      store.abandon();
      return atStart;
    } catch (UncheckedIOException e) {
      return true;
    }
  }

  private void restore(Map<Path, byte[]> files) throws IOException {
    try (Stream<Path> all = Files.walk(directory.resolve(OpenStore.PARTS))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (!files.containsKey(file)) {
          Files.delete(file);
        }
      }
    }
    for (Map.Entry<Path, byte[]> file : files.entrySet()) {
      Files.write(file.getKey(), file.getValue());
    }
  }
}
