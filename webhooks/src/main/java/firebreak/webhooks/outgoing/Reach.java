package firebreak.webhooks.outgoing;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which addresses may be reached from here. A name is resolved once, and what it resolves to is
 * what is connected to; anything that is not on the public Internet is refused, unless its host is
 * listed.
 */
public final class Reach {
  private static final int HTTPS = 443;
  private static final int HTTP = 80;

  private final Set<String> allowed;
  private final Resolver resolver;

  /** What a name resolves to. */
  @FunctionalInterface
  public interface Resolver {
    InetAddress[] resolve(String host) throws UnknownHostException;
  }

  /**
   * A reach.
   *
   * @param allowed hosts, or hosts with a port such as {@code 10.0.0.5:9093}, that may be reached
   *     wherever they are
   */
  public Reach(List<String> allowed, Resolver resolver) {
    this.allowed = Set.copyOf(allowed.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList());
    this.resolver = resolver;
  }

  /** Where to connect for an address. */
  sealed interface Target {
    record At(String host, InetAddress address, int port, boolean isTls) implements Target {}

    record Refused(String why, boolean retry) implements Target {}
  }

  Target of(URI address) {
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    boolean isTls = scheme.equals("https");
    String host = address.getHost();
    if (!isTls && !scheme.equals("http")) {
      return new Target.Refused("the address is not http or https", false);
    }
    if (host == null || address.getRawUserInfo() != null) {
      return new Target.Refused("the address names no plain host", false);
    }
    String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    int port = address.getPort() == -1 ? (isTls ? HTTPS : HTTP) : address.getPort();
    InetAddress[] found;
    try {
      found = resolver.resolve(name);
    } catch (UnknownHostException e) {
      return new Target.Refused("the host is not known", true);
    }
    if (found.length == 0) {
      return new Target.Refused("the host is not known", true);
    }
    String lower = name.toLowerCase(Locale.ROOT);
    if (allowed.contains(lower) || allowed.contains(lower + ":" + port)) {
      return new Target.At(name, found[0], port, isTls);
    }
    return Arrays.stream(found).allMatch(Reach::isPublic)
        ? new Target.At(name, found[0], port, isTls)
        : new Target.Refused(
            "the host is not on the public Internet; list it under outgoing.allow", false);
  }

  /** Whether an address belongs to the public Internet, and so to nobody's inside. */
  static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    return switch (address) {
      case Inet4Address _ -> isPublic4(bytes, 0);
      case Inet6Address _ -> isPublic6(bytes);
      default -> false;
    };
  }

  private static boolean isPublic4(byte[] bytes, int at) {
    int a = bytes[at] & 0xff;
    int b = bytes[at + 1] & 0xff;
    int c = bytes[at + 2] & 0xff;
    boolean isPrivate = a == 10 || (a == 172 && b >= 16 && b < 32) || (a == 192 && b == 168);
    boolean isSpecial =
        a == 0
            || a == 127
            || a >= 224
            || (a == 100 && b >= 64 && b < 128)
            || (a == 169 && b == 254)
            || (a == 192 && b == 0 && (c == 0 || c == 2))
            || (a == 192 && b == 88 && c == 99)
            || (a == 198 && (b == 18 || b == 19))
            || (a == 198 && b == 51 && c == 100)
            || (a == 203 && b == 0 && c == 113);
    return !isPrivate && !isSpecial;
  }

  /** Of the one block that is given out; ways to write an IPv4 address are taken as that. */
  private static boolean isPublic6(byte[] bytes) {
    int first = (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff);
    int second = (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
    if (first == 0x2002) {
      return isPublic4(bytes, 2);
    }
    if (first == 0x64 && second == 0xff9b) {
      return isPublic4(bytes, 12);
    }
    boolean isGivenOut = (first & 0xe000) == 0x2000;
    boolean isSpecial =
        (first == 0x2001 && (second < 0x200 || second == 0xdb8)) || (first & 0xfff0) == 0x3ff0;
    return isGivenOut && !isSpecial;
  }
}
