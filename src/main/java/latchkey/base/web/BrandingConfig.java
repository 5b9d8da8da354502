package latchkey.base.web;

import java.util.Optional;
import latchkey.base.config.Section;

/// The section `branding`: what the footer of every page shows.
///
/// @param contact `latchkey.contact`: whom people ask who are refused, as an e-mail address, a
///   link, or words
public record BrandingConfig(
    Optional<String> serviceName,
    Optional<String> policyUri,
    Optional<String> tosUri,
    Optional<String> imprint,
    Optional<String> contact) {

  public static BrandingConfig read(Section root) {
    var branding = root.section("branding");
    return new BrandingConfig(
        branding.string("service_name"),
        branding.url("policy_uri").map(Object::toString),
        branding.url("tos_uri").map(Object::toString),
        branding.string("imprint"),
        root.section("latchkey").string("contact"));
  }
}
