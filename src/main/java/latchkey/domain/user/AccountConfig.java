package latchkey.domain.user;

import java.util.Optional;
import latchkey.base.config.Section;

/// The section `account`: what people may do with their accounts (`configuration.md` 18).
///
/// @param planFrame `experimental.plan_management_iframe_uri`, a page shown beside the account
public record AccountConfig(
    boolean emailChangeAllowed,
    boolean displaynameChangeAllowed,
    boolean passwordRegistrationEnabled,
    boolean passwordRegistrationEmailRequired,
    boolean passwordRegistrationTokenRequired,
    boolean passwordChangeAllowed,
    boolean passwordRecoveryEnabled,
    boolean deactivationAllowed,
    boolean loginWithEmailAllowed,
    boolean registrationTokenRequired,
    Optional<String> planFrame) {
  private static final String NO_TOKENS =
      "registration tokens are not supported yet, and without them anybody could register";

  public static AccountConfig read(Section root) {
    var account = root.section("account").later();
    account.deprecated(
        "registration_token_required",
        "set account.password_registration_token_required and, for each provider of"
            + " upstream_oauth2, registration_token_required");
    return new AccountConfig(
        account.bool("email_change_allowed", true),
        account.bool("displayname_change_allowed", true),
        account.bool("password_registration_enabled", false),
        account.bool("password_registration_email_required", true),
        guard(account, "password_registration_token_required"),
        account.bool("password_change_allowed", true),
        account.bool("password_recovery_enabled", false),
        account.bool("account_deactivation_allowed", true),
        account.bool("login_with_email_allowed", false),
        guard(account, "registration_token_required"),
        root.section("experimental")
            .later("plan_management_iframe_uri")
            .string("plan_management_iframe_uri"));
  }

  /// What keeps people out may not be ignored.
  private static boolean guard(Section account, String key) {
    boolean required = account.bool(key, false);
    account.notYet(key, required, NO_TOKENS);
    return required;
  }
}
