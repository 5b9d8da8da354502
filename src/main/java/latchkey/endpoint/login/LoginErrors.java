package latchkey.endpoint.login;

import java.time.Duration;
import java.util.stream.Stream;
import latchkey.base.language.Message;
import latchkey.base.web.FieldError;
import org.jspecify.annotations.Nullable;

/// What was wrong with the sign-in form that was sent.
///
/// @param form what is about both fields together
record LoginErrors(
    @Nullable FieldError form, @Nullable FieldError username, @Nullable FieldError password) {
  private static final String TOO_MANY = "rate_limit_exceeded";
  private static final long LONGEST_IN_SECONDS = 90;

  static LoginErrors none() {
    return new LoginErrors(null, null, null);
  }

  static LoginErrors wrongCredentials() {
    return new LoginErrors(
        FieldError.of("invalid_credentials", Message.of("mas.errors.invalid_credentials")),
        null,
        null);
  }

  /// Says for how long to wait: in seconds up to a minute and a half, in minutes beyond.
  static LoginErrors tooMany(Duration retryAfter) {
    long seconds = Math.ceilDiv(retryAfter.toMillis(), 1000);
    var message =
        seconds <= LONGEST_IN_SECONDS
            ? Message.of("latchkey.login.too_many.seconds").counting(seconds)
            : Message.of("latchkey.login.too_many.minutes").counting(Math.ceilDiv(seconds, 60));
    return new LoginErrors(FieldError.of(TOO_MANY, message), null, null);
  }

  /// There are no passwords here, and no provider for this address.
  static LoginErrors nobodys() {
    return new LoginErrors(
        null, FieldError.of("unknown", Message.of("latchkey.login.nobodys_address")), null);
  }

  static LoginErrors missing(boolean username, boolean password) {
    return new LoginErrors(
        null,
        username ? FieldError.of("required", Message.of("latchkey.form.username_missing")) : null,
        password ? FieldError.of("required", Message.of("latchkey.form.password_missing")) : null);
  }

  public boolean aboutUsername() {
    return aboutCredentials() || username != null;
  }

  public boolean aboutPassword() {
    return aboutCredentials() || password != null;
  }

  private boolean aboutCredentials() {
    return form != null && !form.kind().equals(TOO_MANY);
  }

  /// How many places need attention.
  public long count() {
    return Stream.of(form, username, password).flatMap(Stream::ofNullable).count();
  }
}
