package latchkey.cli;

import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.time.Clock;
import java.time.Duration;
import latchkey.base.config.ServeOptions;
import latchkey.base.crypto.Encryption;
import latchkey.base.crypto.PasswordHasher;
import latchkey.base.crypto.SigningKeys;
import latchkey.base.database.StaleIfError;
import latchkey.base.limit.RateLimitKeys;
import latchkey.base.system.Randomness;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.TemplatesConfig;
import latchkey.base.web.page.Templates;
import latchkey.base.web.page.UnusableTemplates;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.homeserver.HomeserverHealth;
import latchkey.domain.homeserver.Homeservers;
import latchkey.domain.homeserver.MatrixConfig;
import latchkey.domain.policy.Policies;
import latchkey.domain.policy.PolicyConfig;
import latchkey.domain.policy.PolicyData;
import latchkey.domain.policy.UnusableRules;
import latchkey.domain.session.SessionsConfig;
import latchkey.domain.token.IdTokenIssuer;
import latchkey.domain.token.SecretsConfig;
import latchkey.domain.token.TokenCodec;
import latchkey.domain.token.TokenKeys;
import latchkey.domain.token.TokensConfig;
import latchkey.domain.upstream.Trips;
import latchkey.domain.user.PasswordsConfig;

/// Builds what is made of configuration rather than found by injection.
@Singleton
class ServiceBeans {
  /// Shorter than every lease, and than a person's patience.
  private static final Duration HOMESERVER_DEADLINE = Duration.ofSeconds(10);

  @Produces
  @Singleton
  SigningKeys signingKeys(SecretsConfig secrets) {
    return secrets.signingKeys();
  }

  @Produces
  @Singleton
  Encryption encryption(SecretsConfig secrets, Randomness randomness) {
    return new Encryption(secrets.encryption(), randomness);
  }

  @Produces
  @Singleton
  RateLimitKeys rateLimitKeys(SecretsConfig secrets) {
    return new RateLimitKeys(secrets.encryption());
  }

  @Produces
  @Singleton
  Trips trips(SecretsConfig secrets) {
    return new Trips(secrets.encryption());
  }

  @Produces
  @Singleton
  TokenKeys tokenKeys(TokensConfig tokens, SecretsConfig secrets) {
    return new TokenKeys(tokens.keys(secrets.encryption()));
  }

  @Produces
  @Singleton
  TokenCodec tokenCodec(TokenKeys keys) {
    return new TokenCodec(keys);
  }

  @Produces
  @Singleton
  IdTokenIssuer.Issuer issuer(HttpConfig http) {
    return new IdTokenIssuer.Issuer(http.issuer());
  }

  @Produces
  @Singleton
  StaleIfError staleIfError(TokensConfig tokens) {
    return new StaleIfError(tokens.staleIfError());
  }

  @Produces
  @Singleton
  PasswordHasher passwordHasher(PasswordsConfig passwords, Randomness randomness) {
    return new PasswordHasher(passwords.schemes(), randomness);
  }

  void close(@Disposes PasswordHasher hasher) {
    hasher.close();
  }

  @Produces
  @Singleton
  @DefaultBean
  Homeserver homeserver(MatrixConfig matrix, HomeserverHealth health) {
    return Homeservers.of(matrix, HOMESERVER_DEADLINE, health);
  }

  @Produces
  @Singleton
  HomeserverHealth homeserverHealth(Clock clock) {
    return new HomeserverHealth(clock);
  }

  @Produces
  @Singleton
  Templates templates(TemplatesConfig config, ServeOptions options) throws UnusableTemplates {
    return Templates.load(config.source().live(options.live()), Rooms.withPages());
  }

  /// Before any listener opens: a mistake in a rule stops the start.
  @Produces
  @Singleton
  @io.quarkus.runtime.Startup(Interceptor.Priority.PLATFORM_BEFORE)
  Policies policies(MatrixConfig matrix, PolicyConfig policy, SessionsConfig sessions, Clock clock)
      throws PolicyData.Conflict, UnusableRules {
    var limit = sessions.limit().map(SessionsConfig.SessionLimit::data).orElse(null);
    var data = PolicyData.of(matrix.homeserver(), limit, policy.data());
    return Policies.load(data, policy.folder(), clock);
  }
}
