package latchkey.endpoint.matrix;

import latchkey.base.config.Section;

/// The section `latchkey.compat`: what legacy clients may do beside what Matrix asks for.
///
/// @param emailLogin whether a person may say a verified e-mail address instead of their name.
///   Apart from `account.login_with_email_allowed`, which is about the sign-in page: there people
///   see what they may type.
/// @param appPasswordsRequired whether a login by password wants one that was made for the app
public record CompatConfig(boolean emailLogin, boolean appPasswordsRequired) {
  private enum AppPasswords {
    OPTIONAL,
    REQUIRED
  }

  public static CompatConfig read(Section root) {
    var compat = root.section("latchkey").section("compat");
    return new CompatConfig(
        compat.bool("email_login", false),
        compat.choice("app_passwords", AppPasswords.OPTIONAL) == AppPasswords.REQUIRED);
  }
}
