package firebreak.sim.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FleetTest {
  private static final long SEED = 7;

  private static List<Map<String, Object>> fields(Fleet fleet) {
    return fleet.events(1, 1).stream().map(FleetEvent::fields).toList();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aSeedIsOneProductionAndAnotherSeedAnother(Kind kind) {
    Fleet fleet = Fleet.of(kind, SEED);
    Fleet same = Fleet.of(kind, SEED);
    assertEquals(fields(fleet), fields(same));
    assertEquals(fleet.notices(), same.notices());
    assertEquals(fleet.truth(), same.truth());
    assertNotEquals(fields(fleet), fields(Fleet.of(kind, SEED + 1)));
  }
}
