package latchkey.domain.token;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// Who presents a refresh token, as far as the network shows it.
public record Presenter(@Nullable String ipAddress, @Nullable String userAgent) {
  private static final int IPV4_NETWORK = 24;
  private static final int IPV6_NETWORK = 48;

  /// Whether both are known to come from one network: the same /24 or /48.
  public boolean sharesNetworkWith(@Nullable String other) {
    if (ipAddress == null || other == null) {
      return ipAddress == null && other == null;
    }
    return isSameNetwork(bytes(ipAddress), bytes(other));
  }

  /// Whether the networks are known to differ. IPv4 against IPv6 tells nothing.
  public boolean isElsewhereThan(@Nullable String other) {
    if (ipAddress == null || other == null) {
      return false;
    }
    var mine = bytes(ipAddress);
    var theirs = bytes(other);
    return mine.length == theirs.length && !isSameNetwork(mine, theirs);
  }

  public boolean hasOtherAgentThan(@Nullable String other) {
    return userAgent != null && other != null && !userAgent.equals(other);
  }

  private static boolean isSameNetwork(byte[] a, byte[] b) {
    int bits = a.length == 4 ? IPV4_NETWORK : IPV6_NETWORK;
    for (int i = 0; i < bits / 8; i++) {
      if (a.length != b.length || a[i] != b[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] bytes(String literal) {
    return InetAddress.ofLiteral(literal).getAddress();
  }
}
