package latchkey.cli;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import latchkey.base.config.Configuration;
import latchkey.base.config.ServeOptions;
import latchkey.base.database.DatabaseConfig;
import latchkey.base.database.Migrations;
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

/// Hands each section of the configuration to whoever asks for it.
@Singleton
class ConfigBeans {
  private final Settings settings = Settings.read(Configuration.current(), true).orThrow();

  @Produces
  @Singleton
  ServeOptions serveOptions() {
    return Configuration.current().serving();
  }

  @Produces
  @Singleton
  Migrations migrations(DatabaseConfig database) {
    return new Migrations(database);
  }

  @Produces
  @Singleton
  TelemetryConfig telemetry() {
    return settings.telemetry();
  }

  @Produces
  @Singleton
  HttpConfig http() {
    return settings.http();
  }

  @Produces
  @Singleton
  ListenersConfig listeners() {
    return settings.listeners();
  }

  @Produces
  @Singleton
  TemplatesConfig templates() {
    return settings.templates();
  }

  @Produces
  @Singleton
  BrandingConfig branding() {
    return settings.branding();
  }

  @Produces
  @Singleton
  CaptchaConfig captcha() {
    return settings.captcha();
  }

  @Produces
  @Singleton
  EmailConfig email() {
    return settings.email();
  }

  @Produces
  @Singleton
  RateLimitingConfig rateLimiting() {
    return settings.rateLimiting();
  }

  @Produces
  @Singleton
  DatabaseConfig database() {
    return settings.database();
  }

  @Produces
  @Singleton
  SecretsConfig secrets() {
    return settings.secrets();
  }

  @Produces
  @Singleton
  TokensConfig tokens() {
    return settings.tokens();
  }

  @Produces
  @Singleton
  MatrixConfig matrix() {
    return settings.matrix();
  }

  @Produces
  @Singleton
  PasswordsConfig passwords() {
    return settings.passwords();
  }

  @Produces
  @Singleton
  AccountConfig account() {
    return settings.account();
  }

  @Produces
  @Singleton
  ClientsConfig clients() {
    return settings.clients();
  }

  @Produces
  @Singleton
  UpstreamConfig upstream() {
    return settings.upstream();
  }

  @Produces
  @Singleton
  UpstreamRules upstreamRules() {
    return settings.upstreamRules();
  }

  @Produces
  @Singleton
  PolicyConfig policy() {
    return settings.policy();
  }

  @Produces
  @Singleton
  OAuthConfig oauth() {
    return settings.oauth();
  }

  @Produces
  @Singleton
  SessionsConfig sessions() {
    return settings.sessions();
  }

  @Produces
  @Singleton
  CompatConfig compat() {
    return settings.compat();
  }
}
