package latchkey.base.limit;

import java.util.List;
import java.util.Optional;
import latchkey.base.config.Kind;
import latchkey.base.config.Section;

/// The section `rate_limiting` (`configuration.md` 15).
public record RateLimitingConfig(
    Login login, Limit registration, AccountRecovery accountRecovery, EmailAuthentication email) {
  /// @param burst how many at once
  /// @param perSecond how many come back a second
  public record Limit(long burst, double perSecond) {}

  /// Signing in by password.
  public record Login(Limit perIp, Limit perAccount) {}

  /// Asking for a mail that lets one in.
  public record AccountRecovery(Limit perIp, Limit perAddress) {}

  /// Asking for codes by mail, and trying them.
  public record EmailAuthentication(
      Limit perIp, Limit perAddress, Limit emailsPerSession, Limit attemptPerSession) {}

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
    var login = limits.section("login");
    var recovery = limits.section("account_recovery");
    var email = limits.section("email_authentication");
    return new RateLimitingConfig(
        new Login(
            limit(login, "per_ip", new Limit(3, 3 / MINUTE)),
            limit(login, "per_account", new Limit(1800, 1800 / HOUR))),
        limit(limits, "registration", new Limit(3, 3 / HOUR)),
        new AccountRecovery(
            limit(recovery, "per_ip", new Limit(3, 3 / HOUR)),
            limit(recovery, "per_address", new Limit(3, SECOND / HOUR))),
        new EmailAuthentication(
            limit(email, "per_ip", new Limit(5, SECOND / MINUTE)),
            limit(email, "per_address", new Limit(3, SECOND / HOUR)),
            limit(email, "emails_per_session", new Limit(2, SECOND / (5 * MINUTE))),
            limit(email, "attempt_per_session", new Limit(10, SECOND / MINUTE))));
  }

  /// In the unit in which it is a number one can read.
  private static String pace(double perSecond) {
    return perSecond < SECOND / MINUTE
        ? Math.round(perSecond * HOUR) + " an hour"
        : Math.round(perSecond * MINUTE) + " a minute";
  }

  private static Limit limit(Section parent, String key, Limit otherwise) {
    var section = parent.section(key);
    parent.otherwise(key, "burst " + otherwise.burst() + ", " + pace(otherwise.perSecond()));
    if (!parent.has(key)) {
      return otherwise;
    }
    long burst = section.require("burst", Kind.integer(1, MAX_BURST), otherwise.burst());
    // Even what says the default: it asks for a guard that is not there.
    parent.laterIf(key, true);
    return new Limit(burst, section.require("per_second", PER_SECOND, otherwise.perSecond()));
  }
}
