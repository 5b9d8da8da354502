package latchkey.endpoint.takeover;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import latchkey.base.config.BadConfiguration;
import latchkey.base.config.Faults.Fault;
import latchkey.base.config.Kind;
import latchkey.base.config.Section;
import latchkey.base.crypto.Secret;

/// What a `homeserver.yaml` says about those who sign in (`synapse-import.md` 2 and 10).
///
/// @param addressesChangeable `enable_3pid_changes`, empty if it is not said
/// @param displaynameChangeable `enable_set_displayname`, empty if it is not said
/// @param captcha what new users had to solve
/// @param providers in the order of Synapse's buttons
/// @param warnings what is in the files and goes nowhere
public record SynapseConfig(
    String serverName,
    Optional<URI> publicBaseurl,
    Passwords passwords,
    Registration registration,
    Optional<Boolean> addressesChangeable,
    Optional<Boolean> displaynameChangeable,
    Optional<Recaptcha> captcha,
    Optional<SynapseMail> mail,
    List<SynapseProvider> providers,
    List<Fault> warnings) {
  /// How Synapse checks and keeps passwords: by bcrypt, after NFKC.
  ///
  /// @param enabled whether people sign in with a password that Synapse itself keeps
  public record Passwords(boolean enabled, long bcryptRounds, Optional<Secret> pepper) {}

  /// How people get an account with a password.
  public record Registration(boolean enabled, boolean needsToken, boolean needsEmail) {}

  public record Recaptcha(Optional<String> siteKey, Optional<Secret> secretKey) {}

  private static final Kind<Boolean> PASSWORD_LOGIN =
      new Kind<>(
          "true, false or only_for_reauth",
          "true, false or only_for_reauth is expected",
          List.of(true, false, "only_for_reauth"),
          value ->
              value.equals("only_for_reauth")
                  ? Optional.of(false)
                  : SynapseFiles.YES_OR_NO.reader().apply(value));

  public SynapseConfig {
    providers = List.copyOf(providers);
    warnings = List.copyOf(warnings);
  }

  /// Reads files and folders; of a key that several of them have, the last one counts.
  ///
  /// @throws BadConfiguration with every fault, if they are not what Synapse would start with
  public static SynapseConfig read(List<Path> files) {
    var root = SynapseFiles.read(files);
    root.rule(
        "server_name", root.has("server_name"), "is missing: is this Synapse's homeserver.yaml?");
    warnOfWhatIsLeftBehind(root);
    var config =
        new SynapseConfig(
            root.string("server_name", ""),
            root.url("public_baseurl"),
            passwords(root),
            registration(root),
            root.value("enable_3pid_changes", SynapseFiles.YES_OR_NO),
            root.value("enable_set_displayname", SynapseFiles.YES_OR_NO),
            captcha(root),
            SynapseMail.read(root),
            providers(root),
            root.faults().warnings());
    if (!root.faults().errors().isEmpty()) {
      throw new BadConfiguration(root.faults().errors());
    }
    return config;
  }

  private static Passwords passwords(Section root) {
    var section = root.section("password_config");
    boolean enabled = section.value("enabled", PASSWORD_LOGIN, true);
    boolean own = section.value("localdb_enabled", SynapseFiles.YES_OR_NO, true);
    if (enabled && !own) {
      section.warn(
          "localdb_enabled", "Synapse asked a module for passwords; nobody can be asked here");
    }
    return new Passwords(
        enabled && own,
        root.integer("bcrypt_rounds", 12, 4, 31),
        section.string("pepper").filter(pepper -> !pepper.isEmpty()).map(Secret::of));
  }

  private static Registration registration(Section root) {
    return new Registration(
        root.value("enable_registration", SynapseFiles.YES_OR_NO, false),
        root.value("registration_requires_token", SynapseFiles.YES_OR_NO, false),
        root.strings("registrations_require_3pid").contains("email"));
  }

  private static Optional<Recaptcha> captcha(Section root) {
    if (!root.value("enable_registration_captcha", SynapseFiles.YES_OR_NO, false)) {
      return Optional.empty();
    }
    return Optional.of(
        new Recaptcha(
            secret(root, "recaptcha_public_key").map(Secret::reveal),
            secret(root, "recaptcha_private_key")));
  }

  /// `key`, or what is in the file that `key_path` names.
  private static Optional<Secret> secret(Section root, String key) {
    return root.string(key).map(Secret::of).or(() -> root.secretFile(key + "_path", true));
  }

  private static List<SynapseProvider> providers(Section root) {
    var sections = new ArrayList<>(root.sections("oidc_providers"));
    var old = root.section("oidc_config");
    if (old.value("enabled", SynapseFiles.YES_OR_NO, false)) {
      sections.add(old);
    }
    var providers = new ArrayList<SynapseProvider>();
    for (var section : sections) {
      SynapseProvider.read(section).ifPresent(providers::add);
    }
    return providers;
  }

  private static void warnOfWhatIsLeftBehind(Section root) {
    if (root.section("matrix_authentication_service")
        .value("enabled", SynapseFiles.YES_OR_NO, false)) {
      root.warn(
          "matrix_authentication_service",
          "this Synapse leaves signing in to another service already; give the file it had before");
    }
    for (var key : List.of("cas_config", "saml2_config", "jwt_config")) {
      if (root.section(key).value("enabled", SynapseFiles.YES_OR_NO, false)) {
        root.warn(key, "this way to sign in ends; an identity provider that speaks OIDC is needed");
      }
    }
    if (!root.sections("modules").isEmpty() || !root.sections("password_providers").isEmpty()) {
      root.warn(
          root.has("modules") ? "modules" : "password_providers",
          "modules that check passwords or people are not taken over");
    }
    if (root.has("user_consent")) {
      root.warn("user_consent", "is not taken over; branding.tos_uri names terms to be accepted");
    }
  }
}
