package firebreak.webhooks.outgoing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReachTest {
  private static final String PUBLIC = "93.184.216.34";

  /**
   * What must not be reached by any spelling: our own machine, our network, the metadata service.
   */
  private static final List<String> INSIDE =
      List.of(
          "127.0.0.1",
          "127.255.0.9",
          "10.0.0.1",
          "10.255.255.255",
          "172.16.0.1",
          "172.31.255.1",
          "192.168.0.1",
          "192.168.255.255",
          "169.254.169.254",
          "169.254.0.1",
          "100.64.0.1",
          "100.127.255.255",
          "0.0.0.0",
          "0.1.2.3",
          "224.0.0.1",
          "239.255.255.250",
          "240.0.0.1",
          "255.255.255.255",
          "192.0.0.8",
          "192.0.2.1",
          "198.18.0.1",
          "198.19.255.1",
          "198.51.100.7",
          "203.0.113.9",
          "192.88.99.1");

  private static final List<String> INSIDE_6 =
      List.of(
          "::",
          "::1",
          "fe80::1",
          "fc00::1",
          "fd12:3456::1",
          "ff02::1",
          "2001:db8::1",
          "2001::1",
          "2001:10::1",
          "3fff::1",
          "100::1",
          "64:ff9b:1::1",
          "4000::1");

  /** Ways to write one IPv4 address as a host. */
  private static List<String> spellings(String address) {
    String[] parts = address.split("\\.", -1);
    long a = Long.parseLong(parts[0]);
    long b = Long.parseLong(parts[1]);
    long c = Long.parseLong(parts[2]);
    long d = Long.parseLong(parts[3]);
    long whole = a << 24 | b << 16 | c << 8 | d;
    String hex = "%02x%02x:%02x%02x".formatted(a, b, c, d);
    return List.of(
        address,
        Long.toString(whole),
        "0x%08x".formatted(whole),
        "0x%x.0x%x.0x%x.0x%x".formatted(a, b, c, d),
        "0%o.0%o.0%o.0%o".formatted(a, b, c, d),
        "%d.%d".formatted(a, b << 16 | c << 8 | d),
        "%d.%d.%d".formatted(a, b, c << 8 | d),
        "[::ffff:" + address + "]",
        "[::ffff:" + hex + "]",
        "[::" + address + "]",
        "[64:ff9b::" + address + "]",
        "[2002:" + hex + "::1]");
  }

  @Test
  void nothingInsideIsReachedHoweverItIsWritten() {
    Reach reach = new Reach(List.of(), InetAddress::getAllByName);
    List<String> hosts = new ArrayList<>();
    INSIDE.forEach(address -> hosts.addAll(spellings(address)));
    INSIDE_6.forEach(address -> hosts.add("[" + address + "]"));
    hosts.addAll(List.of("localhost", "LOCALHOST", "localhost.", "ip6-localhost"));
    int asked = 0;
    for (String host : hosts) {
      for (String address : List.of("https://%s/x", "http://%s:9093/")) {
        asked++;
        refusedOrElsewhere(reach, address.formatted(host));
      }
    }
    assertTrue(asked >= 300, asked + " are too few");
  }

  /** What it means here is what is connected to, so another reading of it does no harm. */
  private static void refusedOrElsewhere(Reach reach, String text) {
    URI address;
    try {
      address = new URI(text);
    } catch (URISyntaxException e) {
      return;
    }
    if (reach.of(address) instanceof Reach.Target.At at) {
      assertTrue(Reach.isPublic(at.address()), text + " leads to " + at.address());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://user@93.184.216.34/",
        "https://93.184.216.34@127.0.0.1/",
        "https://93.184.216.34:80@10.0.0.1/",
        "file:///etc/passwd",
        "gopher://93.184.216.34/",
        "ftp://93.184.216.34/",
        "jar:http://93.184.216.34!/",
        "//93.184.216.34/",
        "https:///x",
        "mailto:a@b",
      })
  void whatIsNoPlainWebAddressIsRefused(String address) {
    Reach reach = new Reach(List.of(), InetAddress::getAllByName);
    assertInstanceOf(Reach.Target.Refused.class, reach.of(URI.create(address)), address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://a.example/\r\nHost: evil",
        "https://a.example /",
        "https://a.example\\@10.0.0.1/",
        "https://[::1%25eth0]:80",
      })
  void whatIsNoAddressIsNotEvenParsedOrLeadsNowhereInside(String text) {
    Reach reach = new Reach(List.of(), _ -> new InetAddress[] {InetAddress.getLoopbackAddress()});
    try {
      assertInstanceOf(Reach.Target.Refused.class, reach.of(new URI(text)), text);
    } catch (URISyntaxException e) {
      assertFalse(String.valueOf(e.getMessage()).isEmpty());
    }
  }

  @Test
  void aNameIsResolvedOnceAndWhatItResolvesToIsConnectedTo() {
    AtomicInteger asked = new AtomicInteger();
    // The first answer is harmless, every later one is not: a name that is bound anew.
    Reach reach =
        new Reach(
            List.of(),
            _ ->
                new InetAddress[] {
                  InetAddress.getByName(asked.getAndIncrement() == 0 ? PUBLIC : "127.0.0.1")
                });
    Reach.Target.At at =
        assertInstanceOf(
            Reach.Target.At.class, reach.of(URI.create("https://rebinding.example/hook")));
    assertEquals(PUBLIC, at.address().getHostAddress());
    assertEquals("rebinding.example", at.host());
    assertEquals(443, at.port());
    assertEquals(1, asked.get());
  }

  /** The loopback address of IPv6. */
  private static final byte[] SIX = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

  @Test
  void aNameThatAlsoLeadsInsideIsRefused() {
    Reach reach =
        new Reach(
            List.of(),
            _ -> new InetAddress[] {InetAddress.getByName(PUBLIC), InetAddress.getByAddress(SIX)});
    assertInstanceOf(Reach.Target.Refused.class, reach.of(URI.create("https://two.example/")));
  }

  @Test
  void aListedHostIsReachedWhereverItIsAndOnItsPortOnly() {
    Reach reach =
        new Reach(List.of("127.0.0.1:9093", "Hooks.Internal"), _ -> new InetAddress[] {loopback()});
    assertInstanceOf(Reach.Target.At.class, reach.of(URI.create("http://127.0.0.1:9093/")));
    assertInstanceOf(Reach.Target.Refused.class, reach.of(URI.create("http://127.0.0.1:9094/")));
    assertInstanceOf(Reach.Target.At.class, reach.of(URI.create("http://hooks.internal:1/")));
    assertInstanceOf(Reach.Target.Refused.class, reach.of(URI.create("http://xhooks.internal:1/")));
  }

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }

  @Test
  void whatIsInsideIsNotPublicInWhateverAddressItIsWrapped() throws UnknownHostException {
    for (String address : INSIDE) {
      byte[] four = InetAddress.getByName(address).getAddress();
      String hex =
          "%02x%02x:%02x%02x".formatted(four[0] & 255, four[1] & 255, four[2] & 255, four[3] & 255);
      for (String wrapped :
          List.of(address, "::ffff:" + hex, "64:ff9b::" + hex, "2002:" + hex + "::1")) {
        assertFalse(Reach.isPublic(InetAddress.getByName(wrapped)), wrapped);
      }
    }
    for (String address : INSIDE_6) {
      assertFalse(Reach.isPublic(InetAddress.getByName(address)), address);
    }
  }

  @Test
  void whatIsPublicIsReached() throws UnknownHostException {
    for (String address :
        List.of(PUBLIC, "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00::1")) {
      assertTrue(Reach.isPublic(InetAddress.getByName(address)), address);
    }
  }
}
