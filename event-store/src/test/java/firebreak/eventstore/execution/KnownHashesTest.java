package firebreak.eventstore.execution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Value;
import firebreak.eventstore.columns.Dictionary;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KnownHashesTest {
  private static final int VALUES = 10_000;

  /** As many texts, of which the last digits are the code. */
  private record Texts(int size) implements Dictionary {
    @Override
    public Value value(int code) {
      return Value.of("id " + code);
    }

    @Override
    public int code(Value value) {
      return Integer.parseInt(value.display().substring(3));
    }
  }

  @Test
  void areThoseOfTheDictionaryHoweverOftenTheyAreRead() {
    SplittableRandom random = new SplittableRandom(1);
    Texts dictionary = new Texts(VALUES);
    KnownHashes known = new KnownHashes(VALUES);
    for (int count : new int[] {0, 1, 5_000, 20_000, 20_000}) {
      int[] codes = IntStream.range(0, count).map(_ -> 1 + random.nextInt(VALUES)).toArray();
      assertArrayEquals(hashes(dictionary, codes), read(known, dictionary, codes));
    }
  }

  @Test
  void reachAsFarAsTheDictionaryGrows() {
    Texts grown = new Texts(2 * VALUES);
    KnownHashes known = new KnownHashes(VALUES);
    read(known, grown, new int[] {1, VALUES});
    KnownHashes more = known.reaching(2 * VALUES);

    int[] codes = {1, VALUES, VALUES + 1, 2 * VALUES};
    assertArrayEquals(hashes(grown, codes), read(more, grown, codes));
    assertEquals(more, more.reaching(VALUES), "it reaches so far already");
  }

  @Test
  void aHashThatIsMetAgainIsTold() {
    HashPlaces places = new HashPlaces(VALUES);
    SplittableRandom random = new SplittableRandom(2);
    int[] hashes = IntStream.range(0, VALUES).map(_ -> random.nextInt()).toArray();
    int shared = 0;
    for (int hash : hashes) {
      shared += places.meet(hash) ? 1 : 0;
    }
    assertTrue(shared < VALUES / 10, "shared by chance: " + shared);
    for (int i = 0; i < 100; i++) {
      assertTrue(places.isMet(hashes[i]));
      assertTrue(places.meet(hashes[i]));
      assertTrue(places.isMetAgain(hashes[i]));
    }
    assertFalse(new HashPlaces(VALUES).isMet(hashes[0]));
  }

  private static int[] hashes(Dictionary dictionary, int[] codes) {
    int[] hashes = new int[codes.length];
    dictionary.hashes(codes, codes.length, hashes);
    return hashes;
  }

  private static int[] read(KnownHashes known, Dictionary dictionary, int[] codes) {
    int[] hashes = new int[codes.length];
    known.read(dictionary, codes, hashes);
    return hashes;
  }
}
