package latchkey.base.limit;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What counts as one address: an IPv4 address, also one written as IPv6 (`::ffff:192.0.2.1`), or
/// the /64 of an IPv6 address, because whoever has one address of it has all 2^64.
public final class Subnets {
  private static final int BYTES_OF_24 = 3;
  private static final int BYTES_OF_48 = 6;
  private static final int BYTES_OF_64 = 8;

  /// All that come from nowhere share one count.
  private static final String NOWHERE = "unknown";

  private Subnets() {}

  /// @param ipAddress a literal address; null where nobody knows it
  public static String of(@Nullable String ipAddress) {
    if (ipAddress == null) {
      return NOWHERE;
    }
    try {
      // Java itself makes an IPv4 address of one that is mapped.
      var address = InetAddress.ofLiteral(ipAddress);
      return address instanceof Inet6Address
          ? network(address, BYTES_OF_64).getHostAddress() + "/64"
          : address.getHostAddress();
    } catch (IllegalArgumentException e) {
      return NOWHERE;
    }
  }

  /// What one home or small office has: the /24 of an IPv4 address, the /48 of an IPv6 address.
  ///
  /// @param ipAddress a literal address; null where nobody knows it
  public static String networkOf(@Nullable String ipAddress) {
    if (ipAddress == null) {
      return NOWHERE;
    }
    try {
      var address = InetAddress.ofLiteral(ipAddress);
      return address instanceof Inet6Address
          ? network(address, BYTES_OF_48).getHostAddress() + "/48"
          : network(address, BYTES_OF_24).getHostAddress() + "/24";
    } catch (IllegalArgumentException e) {
      return NOWHERE;
    }
  }

  private static InetAddress network(InetAddress address, int kept) {
    var bytes = address.getAddress();
    Arrays.fill(bytes, kept, bytes.length, (byte) 0);
    try {
      return InetAddress.getByAddress(bytes);
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException("its own bytes are an address", e);
    }
  }
}
