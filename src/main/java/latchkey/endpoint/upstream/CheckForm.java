package latchkey.endpoint.upstream;

import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import latchkey.base.web.BrandingConfig;
import latchkey.base.web.FieldError;
import latchkey.base.web.Requester;
import latchkey.domain.lifecycle.FitClaims;
import latchkey.domain.lifecycle.RegisterThroughProvider.NewAccount;
import latchkey.domain.policy.UpstreamVerdict;
import latchkey.domain.policy.Violation;
import latchkey.domain.user.NewAccountRepository;
import org.jspecify.annotations.Nullable;

/// Checks the form about a new account (`pages.md` 5.6). Everything is checked, so that everything
/// can be mended at once.
@Singleton
class CheckForm {
  sealed interface Outcome {
    record Good(NewAccount account) implements Outcome {}

    record Wrong(RegisterErrors errors) implements Outcome {}

    /// Nothing that could be typed would help.
    record Impossible(DraftAccount.Impossible why) implements Outcome {}
  }

  private final DraftAccount draftAccount;
  private final NewAccountRepository accounts;
  private final BrandingConfig branding;

  CheckForm(DraftAccount draftAccount, NewAccountRepository accounts, BrandingConfig branding) {
    this.draftAccount = draftAccount;
    this.accounts = accounts;
    this.branding = branding;
  }

  /// @param asks whether there is a page, and somebody to agree to the terms
  /// @param verdict of the gate
  Outcome handle(
      Offer offer, RegisterForm form, boolean asks, UpstreamVerdict verdict, Requester requester)
      throws SQLException {
    var username = offer.usernameFixed() ? offer.username() : form.username();
    var email = offer.emailFixed() || form.importEmail() ? offer.email() : null;
    var violations = draftAccount.violations(username, email, verdict, requester);
    var errors = RegisterErrors.NONE;
    if (!offer.usernameFixed()) {
      var wrong = username(username, offer, violations);
      errors = wrong.isPresent() ? errors.withUsername(wrong.get()) : errors;
    }
    var rest = violations.stream().filter(one -> !"username".equals(one.field())).findFirst();
    if (rest.isPresent()) {
      errors = errors.withForm(RegisterErrors.policy(rest.get()));
    }
    if (tooLong(form.displayName())) {
      errors = errors.withDisplayName(RegisterErrors.displayNameTooLong());
    }
    var terms = branding.tosUri();
    if (asks && terms.isPresent() && !form.terms()) {
      errors = errors.withTerms(RegisterErrors.required("latchkey.register.terms_missing"));
    }
    boolean addressTaken = email != null && accounts.isAddressTaken(email);
    if (addressTaken && asks && !offer.emailFixed()) {
      errors = errors.withEmail(RegisterErrors.emailInUse());
    }
    if (!errors.isNone()) {
      return asks
          ? new Outcome.Wrong(errors)
          : new Outcome.Impossible(
              new DraftAccount.Impossible(DraftAccount.Reason.POLICY, username, violations));
    }
    if (email != null && addressTaken) {
      return new Outcome.Impossible(
          DraftAccount.Impossible.of(DraftAccount.Reason.EMAIL_IN_USE, email));
    }
    return new Outcome.Good(
        new NewAccount(
            username, email, displayName(offer, form), asks ? terms.orElse(null) : null));
  }

  private Optional<FieldError> username(String username, Offer offer, List<Violation> violations)
      throws SQLException {
    if (username.isEmpty()) {
      return Optional.of(RegisterErrors.required("latchkey.form.username_missing"));
    }
    var wrong = violations.stream().filter(one -> "username".equals(one.field())).findFirst();
    if (wrong.isPresent()) {
      return wrong.map(RegisterErrors::policy);
    }
    if (username.equals(offer.username())) {
      // It would not have been offered, a moment ago, if it were taken.
      return Optional.empty();
    }
    return accounts.isTaken(username) || !draftAccount.isAvailable(username)
        ? Optional.of(RegisterErrors.usernameExists())
        : Optional.empty();
  }

  /// Without a decision it is left to the homeserver, which takes the username.
  private static @Nullable String displayName(Offer offer, RegisterForm form) {
    if (offer.displayName() != null) {
      return offer.displayNameFixed() || form.importDisplayName() ? offer.displayName() : null;
    }
    return form.displayName().isEmpty() ? null : form.displayName();
  }

  private static boolean tooLong(String name) {
    return name.getBytes(StandardCharsets.UTF_8).length > FitClaims.LONGEST_DISPLAY_NAME;
  }
}
