package firebreak.eventstore.columns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class IdTableTest {
  @Test
  void numbersKeysInTheOrderOfTheirFirstAppearanceWhateverRoomWasExpected() {
    for (int expected : new int[] {0, 1, 15, 16, 17, 1_000}) {
      IdTable table = new IdTable(expected);
      for (long key = 0; key < 100; key++) {
        assertEquals((int) key, table.id(key * key));
      }
      assertEquals(7, table.id(49));
      assertEquals(100, table.size());
    }
  }

  @Test
  void askingForAKeyDoesNotNumberIt() {
    IdTable table = new IdTable();
    Random random = new Random(4);
    for (int i = 0; i < 1_000; i++) {
      table.id(2L * random.nextInt(5_000));
    }
    int size = table.size();
    for (int id = 0; id < size; id++) {
      assertTrue(table.contains(table.key(id)));
      assertFalse(table.contains(table.key(id) + 1));
    }
    assertEquals(size, table.size());
  }
}
