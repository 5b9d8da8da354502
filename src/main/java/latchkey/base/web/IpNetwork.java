package latchkey.base.web;

import java.net.InetAddress;
import java.util.Optional;

/// An address range in CIDR notation; a plain address is a range of one.
public record IpNetwork(InetAddress address, int prefix) {
  public static Optional<IpNetwork> parse(String text) {
    int slash = text.indexOf('/');
    try {
      var address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
      int bits = address.getAddress().length * 8;
      int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
      return prefix < 0 || prefix > bits
          ? Optional.empty()
          : Optional.of(new IpNetwork(address, prefix));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  public boolean contains(InetAddress other) {
    return samePrefix(address.getAddress(), other.getAddress(), prefix);
  }

  /// Whether two addresses share their first `bits` bits; never across the two families.
  public static boolean samePrefix(byte[] a, byte[] b, int bits) {
    if (a.length != b.length) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      int mask = 0x80 >> (i % 8);
      if (((a[i / 8] ^ b[i / 8]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }
}
