package latchkey.world;

/// A house with the limits on signing in that there are where nobody says anything, and narrower
/// ones of what takes more tries.
public final class LimitedHouse extends House {
  public LimitedHouse() {
    super(
        10,
        "",
        """
        rate_limiting:
          login:
            per_ip: {burst: 3, per_second: 0.05}
            per_account: {burst: 4, per_second: 0.001}
        latchkey:
          rate_limiting:
            login:
              per_account_and_ip: {burst: 2, per_second: 0.001}
              known_browser: {burst: 3, per_second: 0.05}
            client_registration: {burst: 3, per_second: 0.05}
            client_authentication: {burst: 2, per_second: 0.05}
        """);
  }
}
