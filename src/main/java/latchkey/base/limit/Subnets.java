package latchkey.base.limit;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What counts as one address: an IPv4 address, also one written as IPv6 (`::ffff:192.0.2.1`), or
/// the /64 of an IPv6 address, because whoever has one address of it has all 2^64.
public final class Subnets {
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
          ? network(address).getHostAddress() + "/64"
          : address.getHostAddress();
    } catch (IllegalArgumentException e) {
      return NOWHERE;
    }
  }

  private static InetAddress network(InetAddress address) {
    var bytes = address.getAddress();
    Arrays.fill(bytes, BYTES_OF_64, bytes.length, (byte) 0);
    try {
      return InetAddress.getByAddress(bytes);
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException("16 bytes are an address", e);
    }
  }
}
