package latchkey.endpoint.login;

import java.util.stream.Stream;
import latchkey.base.language.Message;
import latchkey.base.web.FieldError;
import org.jspecify.annotations.Nullable;

/// What was wrong with the sign-in form that was sent.
///
/// @param form what is about both fields together
record LoginErrors(
    @Nullable FieldError form, @Nullable FieldError username, @Nullable FieldError password) {
  static LoginErrors none() {
    return new LoginErrors(null, null, null);
  }

  static LoginErrors wrongCredentials() {
    return new LoginErrors(
        FieldError.of("invalid_credentials", Message.of("mas.errors.invalid_credentials")),
        null,
        null);
  }

  static LoginErrors missing(boolean username, boolean password) {
    return new LoginErrors(
        null,
        username ? FieldError.of("required", Message.of("latchkey.form.username_missing")) : null,
        password ? FieldError.of("required", Message.of("latchkey.form.password_missing")) : null);
  }

  public boolean aboutUsername() {
    return form != null || username != null;
  }

  public boolean aboutPassword() {
    return form != null || password != null;
  }

  /// How many places need attention.
  public long count() {
    return Stream.of(form, username, password).flatMap(Stream::ofNullable).count();
  }
}
