package latchkey.endpoint.upstream;

import java.util.Map;
import java.util.stream.Stream;
import latchkey.base.language.Message;
import latchkey.base.web.FieldError;
import latchkey.domain.policy.Violation;
import org.jspecify.annotations.Nullable;

/// What was wrong with the form about a new account.
///
/// @param form what is about none of its fields
record RegisterErrors(
    @Nullable FieldError form,
    @Nullable FieldError username,
    @Nullable FieldError displayName,
    @Nullable FieldError email,
    @Nullable FieldError terms) {
  static final RegisterErrors NONE = new RegisterErrors(null, null, null, null, null);

  /// The codes of `policy.md` 4 that are about new accounts, and our words for them.
  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("username-too-short", "latchkey.register.policy.username_too_short"),
          Map.entry("username-too-long", "latchkey.register.policy.username_too_long"),
          Map.entry("username-invalid-chars", "latchkey.register.policy.username_invalid_chars"),
          Map.entry("username-all-numeric", "latchkey.register.policy.username_all_numeric"),
          Map.entry("username-banned", "latchkey.register.policy.username_banned"),
          Map.entry("username-not-allowed", "latchkey.register.policy.username_not_allowed"),
          Map.entry(
              "email-domain-not-allowed", "latchkey.register.policy.email_domain_not_allowed"),
          Map.entry("email-domain-banned", "latchkey.register.policy.email_domain_banned"),
          Map.entry("email-not-allowed", "latchkey.register.policy.email_not_allowed"),
          Map.entry("email-banned", "latchkey.register.policy.email_banned"));

  RegisterErrors withForm(FieldError error) {
    return new RegisterErrors(error, username, displayName, email, terms);
  }

  RegisterErrors withUsername(FieldError error) {
    return new RegisterErrors(form, error, displayName, email, terms);
  }

  RegisterErrors withDisplayName(FieldError error) {
    return new RegisterErrors(form, username, error, email, terms);
  }

  RegisterErrors withEmail(FieldError error) {
    return new RegisterErrors(form, username, displayName, error, terms);
  }

  RegisterErrors withTerms(FieldError error) {
    return new RegisterErrors(form, username, displayName, email, error);
  }

  boolean isNone() {
    return count() == 0;
  }

  /// How many places need attention.
  public long count() {
    return Stream.of(form, username, displayName, email, terms).flatMap(Stream::ofNullable).count();
  }

  static FieldError required(String text) {
    return FieldError.of("required", Message.of(text));
  }

  static FieldError usernameExists() {
    return FieldError.of("exists", Message.of("latchkey.register.username_exists"));
  }

  /// Without saying whose.
  static FieldError emailInUse() {
    return FieldError.of("exists", Message.of("latchkey.register.email_in_use"));
  }

  static FieldError displayNameTooLong() {
    return FieldError.of("invalid", Message.of("latchkey.register.display_name_too_long"));
  }

  /// What a rule says, in our words if it is one of ours, else in its author's.
  static FieldError policy(Violation violation) {
    var code = violation.code();
    var words = code == null ? null : WORDS.get(code);
    var message =
        words == null
            ? Message.of("latchkey.register.policy.other").with("reason", violation.message())
            : Message.of(words);
    return new FieldError("policy", code, message);
  }
}
