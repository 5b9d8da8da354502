package latchkey.base.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The sections there are, and what becomes of those that this release does not serve yet: each
/// that is set is named once at start, unless ignoring it would open a door its owner believes
/// closed. That refuses the start.
public final class Sections {
  /// Every key of the top level.
  static final Set<String> NAMES =
      Set.of(
          "account",
          "branding",
          "captcha",
          "clients",
          "database",
          "email",
          "experimental",
          "http",
          "latchkey",
          "matrix",
          "oauth",
          "passwords",
          "policy",
          "rate_limiting",
          "secrets",
          "telemetry",
          "templates",
          "upstream_oauth2");

  private static final List<String> LATER =
      List.of(
          "email", "telemetry", "rate_limiting", "account", "oauth", "captcha", "upstream_oauth2");
  private static final Set<String> LATER_RESOURCES = Set.of("compat", "graphql", "adminapi");
  private static final List<String> LATER_EXPERIMENTS =
      List.of(
          "compat_token_ttl",
          "inactive_session_expiration",
          "plan_management_iframe_uri",
          "session_limit");

  private Sections() {}

  /// The key paths that are set and have no effect yet; what may not be ignored becomes a fault of
  /// `root`.
  public static List<String> notSupportedYet(Section root) {
    refuseWhatGuards(root);
    var paths = new ArrayList<String>();
    for (var name : LATER) {
      if (root.has(name)) {
        paths.add(name);
      }
    }
    var experimental = root.section("experimental");
    experimental.ignore("access_token_ttl");
    for (var key : LATER_EXPERIMENTS) {
      if (experimental.has(key)) {
        paths.add("experimental." + key);
      }
    }
    experimental.warnOfUnknown();
    // Rules about it are there, but nobody counts sessions yet.
    if (root.section("policy").section("data").has("session_limit")) {
      paths.add("policy.data.session_limit");
    }
    resources(root, paths);
    root.ignore(NAMES.toArray(String[]::new));
    return List.copyOf(paths);
  }

  private static void resources(Section root, List<String> paths) {
    for (var listener : root.section("http").sections("listeners")) {
      for (var resource : listener.sections("resources")) {
        resource
            .string("name")
            .filter(LATER_RESOURCES::contains)
            .ifPresent(name -> paths.add(resource.path() + " (" + name + ")"));
      }
    }
  }

  private static void refuseWhatGuards(Section root) {
    var captcha = root.section("captcha");
    refuse(
        captcha,
        "service",
        captcha.has("service"),
        "a captcha is not supported yet, and without it robots could register");
    var account = root.section("account");
    for (var key : List.of("registration_token_required", "password_registration_token_required")) {
      refuse(
          account,
          key,
          account.bool(key, false),
          "registration tokens are not supported yet, and without them anybody could register");
    }
    for (var provider : root.section("upstream_oauth2").sections("providers")) {
      var key = "registration_token_required";
      refuse(
          provider,
          key,
          provider.bool(key, false),
          "registration tokens are not supported yet, and without them anybody could register");
    }
  }

  private static void refuse(Section section, String key, boolean set, String reason) {
    if (set) {
      section.fault(key, reason);
    }
  }
}
