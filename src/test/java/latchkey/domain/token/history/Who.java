package latchkey.domain.token.history;

/// Who presents a token, as far as a server can see.
public record Who(Place place, String agent) {
  /// Somewhere on the internet.
  public enum Place {
    HOME("203.0.113.7", "home", false),
    HOME_NEXT_DOOR("203.0.113.99", "home", false),
    CAFE("198.51.100.9", "cafe", false),
    HOME_BY_IPV6("2001:db8:1::5", "home by IPv6", true),
    HOME_BY_IPV6_TOO("2001:db8:1:ffff::9", "home by IPv6", true),
    CAFE_BY_IPV6("2001:db8:2::1", "cafe by IPv6", true);

    private final String address;
    private final String network;
    private final boolean six;

    Place(String address, String network, boolean six) {
      this.address = address;
      this.network = network;
      this.six = six;
    }

    public String address() {
      return address;
    }

    static Place of(int index) {
      return values()[index % values().length];
    }
  }

  public boolean sharesNetworkWith(Who other) {
    return place.network.equals(other.place.network);
  }

  /// IPv4 against IPv6 is no difference by itself.
  public boolean isElsewhereThan(Who other) {
    return place.six == other.place.six && !sharesNetworkWith(other);
  }

  public boolean hasOtherAgentThan(Who other) {
    return !agent.equals(other.agent);
  }

  public boolean differsFrom(Who other) {
    return isElsewhereThan(other) || hasOtherAgentThan(other);
  }
}
