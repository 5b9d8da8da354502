package latchkey.cli;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import latchkey.base.config.BadConfiguration;
import latchkey.base.config.Configuration;
import latchkey.base.config.Exploration;
import latchkey.base.config.Faults.Fault;
import latchkey.base.config.Heard;
import latchkey.base.config.Section;
import latchkey.base.database.DatabaseConfig;
import latchkey.base.limit.RateLimitingConfig;
import latchkey.base.listener.ListenersConfig;
import latchkey.base.mail.EmailConfig;
import latchkey.base.telemetry.TelemetryConfig;
import latchkey.base.web.BrandingConfig;
import latchkey.base.web.CaptchaConfig;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.TemplatesConfig;
import latchkey.domain.client.ClientsConfig;
import latchkey.domain.grant.OAuthConfig;
import latchkey.domain.homeserver.MatrixConfig;
import latchkey.domain.policy.PolicyConfig;
import latchkey.domain.session.SessionsConfig;
import latchkey.domain.token.SecretsConfig;
import latchkey.domain.token.TokensConfig;
import latchkey.domain.upstream.UpstreamConfig;
import latchkey.domain.upstream.UpstreamRules;
import latchkey.domain.user.AccountConfig;
import latchkey.domain.user.PasswordsConfig;
import latchkey.endpoint.matrix.CompatConfig;

/// Every section of the configuration.
public record Settings(
    TelemetryConfig telemetry,
    HttpConfig http,
    ListenersConfig listeners,
    TemplatesConfig templates,
    BrandingConfig branding,
    CaptchaConfig captcha,
    EmailConfig email,
    RateLimitingConfig rateLimiting,
    DatabaseConfig database,
    SecretsConfig secrets,
    TokensConfig tokens,
    MatrixConfig matrix,
    PasswordsConfig passwords,
    AccountConfig account,
    ClientsConfig clients,
    UpstreamConfig upstream,
    UpstreamRules upstreamRules,
    PolicyConfig policy,
    OAuthConfig oauth,
    SessionsConfig sessions,
    CompatConfig compat) {
  /// What was read, and all there is to tell about it.
  ///
  /// @param withoutEffect what is set and does nothing in this release
  public record Report(
      Settings settings, List<Fault> warnings, List<Fault> withoutEffect, List<Fault> errors) {
    /// The settings, if one can serve with them.
    ///
    /// @throws BadConfiguration with every fault, if not
    public Settings orThrow() {
      if (!errors.isEmpty()) {
        throw new BadConfiguration(errors);
      }
      return settings;
    }
  }

  /// Reads without judging.
  ///
  /// @param openFiles whether the files named by `*_file` keys are read; checking a configuration
  ///   leaves them shut
  public static Report read(Configuration configuration, boolean openFiles) {
    var root = configuration.root(openFiles);
    var settings = read(root, configuration.environment());
    root.warnOfUnknown();
    var faults = root.faults();
    return new Report(settings, faults.warnings(), faults.withoutEffect(), faults.errors());
  }

  /// Everything that is said of a key while reading.
  ///
  /// @param listener hears it while it is said
  static Collection<Heard> everythingSaid(Consumer<Heard> listener) {
    return Exploration.of(root -> read(root, Map.of()), listener);
  }

  /// Whether the other says the same. The section `secrets` is left out: no two readings of a key
  /// are equal.
  boolean saysTheSameAs(Settings other) {
    return parts().equals(other.parts());
  }

  private List<Object> parts() {
    return List.of(
        telemetry,
        http,
        listeners,
        templates,
        branding,
        captcha,
        email,
        rateLimiting,
        database,
        tokens,
        matrix,
        passwords,
        account,
        clients,
        upstream,
        upstreamRules,
        policy,
        oauth,
        sessions,
        compat);
  }

  private static Settings read(Section root, Map<String, String> environment) {
    var upstream = UpstreamConfig.read(root);
    return new Settings(
        TelemetryConfig.read(root),
        HttpConfig.read(root),
        ListenersConfig.read(root),
        TemplatesConfig.read(root),
        BrandingConfig.read(root),
        CaptchaConfig.read(root),
        EmailConfig.read(root),
        RateLimitingConfig.read(root),
        DatabaseConfig.read(root, environment),
        SecretsConfig.read(root),
        TokensConfig.read(root),
        MatrixConfig.read(root),
        PasswordsConfig.read(root),
        AccountConfig.read(root),
        ClientsConfig.read(root),
        upstream,
        UpstreamRules.read(root, upstream),
        PolicyConfig.read(root, upstream.ids()),
        OAuthConfig.read(root),
        SessionsConfig.read(root),
        CompatConfig.read(root));
  }
}
