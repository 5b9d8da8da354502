package latchkey.base.web;

import java.util.Optional;
import latchkey.base.config.Section;
import latchkey.base.crypto.Secret;

/// The section `captcha` (`configuration.md` 17). Switching one on refuses the start, because
/// nothing asks for it yet.
///
/// @param service empty if it is off
public record CaptchaConfig(
    Optional<Service> service, Optional<String> siteKey, Optional<Secret> secretKey) {
  /// Whose puzzle is shown.
  public enum Service {
    RECAPTCHA_V2,
    CLOUDFLARE_TURNSTILE,
    HCAPTCHA
  }

  public static CaptchaConfig read(Section root) {
    var captcha = root.section("captcha");
    var config =
        new CaptchaConfig(
            captcha.choice("service", Service.class),
            captcha.string("site_key"),
            captcha.string("secret_key").map(Secret::of));
    boolean isOn = config.service.isPresent();
    captcha.rule("site_key", !isOn || config.siteKey.isPresent(), "is needed with a service");
    captcha.rule("secret_key", !isOn || config.secretKey.isPresent(), "is needed with a service");
    captcha.notYet(
        "service", isOn, "a captcha is not supported yet, and without it robots could register");
    return config;
  }
}
