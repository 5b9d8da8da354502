package latchkey.domain.grant;

import latchkey.base.config.Section;

/// The section `oauth`: which ways to a token are open (`configuration.md` 19).
///
/// @param userCodeAutoFill whether a link may carry the user code
public record OAuthConfig(boolean deviceCodeGrantEnabled, boolean userCodeAutoFill) {
  public static OAuthConfig read(Section root) {
    var oauth = root.section("oauth").later();
    return new OAuthConfig(
        oauth.bool("device_code_grant_enabled", true),
        oauth.bool("device_code_user_code_auto_fill_enabled", false));
  }
}
