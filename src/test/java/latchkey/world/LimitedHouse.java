package latchkey.world;

/// A house where little may be tried, and what was tried takes long to be forgotten, so that a slow
/// machine sees the same.
public final class LimitedHouse extends House {
  public LimitedHouse() {
    super(
        10,
        "",
        """
        rate_limiting:
          login:
            per_ip: {burst: 3, per_second: 0.01}
            per_account: {burst: 4, per_second: 0.001}
        latchkey:
          rate_limiting:
            login:
              per_account_and_ip: {burst: 2, per_second: 0.001}
              known_browser: {burst: 3, per_second: 0.01}
            client_registration: {burst: 3, per_second: 0.01}
            client_authentication: {burst: 2, per_second: 0.01}
            upstream: {burst: 2, per_second: 0.01}
        """);
  }
}
