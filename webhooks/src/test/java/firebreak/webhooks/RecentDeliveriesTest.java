package firebreak.webhooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RecentDeliveriesTest {

  @Test
  void theEldestAreForgottenSoThatMemoryIsBounded() {
    RecentDeliveries recent = new RecentDeliveries();
    for (int i = 0; i <= RecentDeliveries.AT_MOST; i++) {
      recent.add("hash " + i);
    }
    assertFalse(recent.contains("hash 0"));
    assertTrue(recent.contains("hash 1"));
    assertTrue(recent.contains("hash " + RecentDeliveries.AT_MOST));
  }

  @Test
  void aDeliveryIsKnownBySenderAndBodyAndNotByItsHeaders() {
    Delivery first = new Delivery("github", Map.of("x-github-delivery", "1"), Mail.bytes("{}"));
    Delivery again = new Delivery("github", Map.of("x-github-delivery", "2"), Mail.bytes("{}"));
    Delivery other = new Delivery("github", Map.of(), Mail.bytes("{ }"));
    Delivery elsewhere = new Delivery("launchdarkly", Map.of(), Mail.bytes("{}"));
    assertEquals(RecentDeliveries.hash(first), RecentDeliveries.hash(again));
    assertNotEquals(RecentDeliveries.hash(first), RecentDeliveries.hash(other));
    assertNotEquals(RecentDeliveries.hash(first), RecentDeliveries.hash(elsewhere));
  }
}
