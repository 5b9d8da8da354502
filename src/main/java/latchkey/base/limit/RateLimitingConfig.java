package latchkey.base.limit;

import java.util.List;
import java.util.Optional;
import latchkey.base.config.Kind;
import latchkey.base.config.Section;

/// The section `rate_limiting` (`configuration.md` 15), and `latchkey.rate_limiting` with the
/// limits that are ours alone.
///
/// @param registration accounts made from an address
/// @param clientRegistration clients that register themselves from an address
/// @param clientAuthentication wrong proofs of a client from an address
/// @param upstream ways to a provider, and answers of one, from an address; each is one
public record RateLimitingConfig(
    Login login,
    RateLimit registration,
    AccountRecovery accountRecovery,
    EmailAuthentication email,
    RateLimit clientRegistration,
    RateLimit clientAuthentication,
    RateLimit upstream) {
  /// Signing in by password.
  ///
  /// @param perIp attempts from an address
  /// @param perAccount attempts at an account, of strangers
  /// @param perAccountAndIp wrong passwords for an account from an address
  /// @param knownBrowser attempts at an account from a browser that has signed in to it before
  public record Login(
      RateLimit perIp, RateLimit perAccount, RateLimit perAccountAndIp, RateLimit knownBrowser) {}

  /// Asking for a mail that lets one in.
  public record AccountRecovery(RateLimit perIp, RateLimit perAddress) {}

  /// Asking for codes by mail, and trying them.
  public record EmailAuthentication(
      RateLimit perIp,
      RateLimit perAddress,
      RateLimit emailsPerSession,
      RateLimit attemptPerSession) {}

  private static final String REGISTRATION = "rate_limiting.";
  private static final String LOGIN = "rate_limiting.login.";
  private static final String RECOVERY = "rate_limiting.account_recovery.";
  private static final String EMAIL = "rate_limiting.email_authentication.";
  private static final String OWN = "latchkey.rate_limiting.";
  private static final String OWN_LOGIN = "latchkey.rate_limiting.login.";

  private static final double SECOND = 1;
  private static final double MINUTE = 60;
  private static final double HOUR = 3600;
  private static final long MAX_BURST = 4_294_967_295L;
  private static final double TOO_FAST = 1e9;

  private static final Kind<Double> PER_SECOND =
      new Kind<>(
          "number above 0 and below 1000000000",
          "a number above 0 and below 1000000000 is expected",
          List.of(0.5),
          value ->
              value instanceof Number number
                      && number.doubleValue() > 0
                      && number.doubleValue() < TOO_FAST
                  ? Optional.of(number.doubleValue())
                  : Optional.empty());

  public static RateLimitingConfig read(Section root) {
    var limits = root.section("rate_limiting");
    var own = root.section("latchkey").section("rate_limiting");
    return new RateLimitingConfig(
        login(limits.section("login"), own.section("login")),
        later(limits, "registration", REGISTRATION, 3, 3 / HOUR),
        recovery(limits.section("account_recovery")),
        email(limits.section("email_authentication")),
        limit(own, "client_registration", OWN, 60, 10 / MINUTE),
        limit(own, "client_authentication", OWN, 20, 6 / MINUTE),
        limit(own, "upstream", OWN, 600, 5));
  }

  private static Login login(Section login, Section own) {
    return new Login(
        limit(login, "per_ip", LOGIN, 3, 3 / MINUTE),
        limit(login, "per_account", LOGIN, 1800, 1800 / HOUR),
        limit(own, "per_account_and_ip", OWN_LOGIN, 10, SECOND / MINUTE),
        limit(own, "known_browser", OWN_LOGIN, 10, 3 / MINUTE));
  }

  private static AccountRecovery recovery(Section recovery) {
    return new AccountRecovery(
        later(recovery, "per_ip", RECOVERY, 3, 3 / HOUR),
        later(recovery, "per_address", RECOVERY, 3, SECOND / HOUR));
  }

  private static EmailAuthentication email(Section email) {
    return new EmailAuthentication(
        later(email, "per_ip", EMAIL, 5, SECOND / MINUTE),
        later(email, "per_address", EMAIL, 3, SECOND / HOUR),
        later(email, "emails_per_session", EMAIL, 2, SECOND / (5 * MINUTE)),
        later(email, "attempt_per_session", EMAIL, 10, SECOND / MINUTE));
  }

  /// In the unit in which it is a number one can read.
  private static String pace(double perSecond) {
    return perSecond < SECOND / MINUTE
        ? Math.round(perSecond * HOUR) + " an hour"
        : Math.round(perSecond * MINUTE) + " a minute";
  }

  private static RateLimit limit(
      Section parent, String key, String prefix, long burst, double perSecond) {
    var section = parent.section(key);
    parent.otherwise(key, "burst " + burst + ", " + pace(perSecond));
    var name = prefix + key;
    return parent.has(key)
        ? new RateLimit(
            name,
            section.require("burst", Kind.integer(1, MAX_BURST), burst),
            section.require("per_second", PER_SECOND, perSecond))
        : new RateLimit(name, burst, perSecond);
  }

  /// One whose pages are not there yet. Even what says the default is named at start: it asks for a
  /// guard.
  private static RateLimit later(
      Section parent, String key, String prefix, long burst, double perSecond) {
    parent.laterIf(key, parent.has(key));
    return limit(parent, key, prefix, burst, perSecond);
  }
}
