package latchkey.domain.token;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HashMap;
import latchkey.base.crypto.SigningKey;
import latchkey.base.crypto.SigningKeys;
import org.jboss.logging.Logger;

/// Publishes a new signing key for `latchkey.signing.publish_before` before it signs, so that
/// whoever keeps our JWKS for a while has it by then. It counts from the first start of any replica
/// with the key; of several that are new at once, none waits for another.
@Singleton
public class SigningKeyRegistry {
  private static final Logger LOG = Logger.getLogger(SigningKeyRegistry.class);

  private final SigningKeys keys;
  private final SecretsConfig config;
  private final SigningKeyRepository repository;
  private final Clock clock;

  SigningKeyRegistry(
      SigningKeys keys, SecretsConfig config, SigningKeyRepository repository, Clock clock) {
    this.keys = keys;
    this.config = config;
    this.repository = repository;
    this.clock = clock;
  }

  /// Remembers new keys and holds them back.
  public void reconcile() throws SQLException {
    repository.register(keys.all().stream().map(SigningKey::thumbprint).toList(), clock.instant());
    var signsFrom = new HashMap<>(repository.firstSeen());
    signsFrom.replaceAll((_, seen) -> seen.plus(config.publishBefore()));
    keys.holdBack(
        key -> {
          var from = signsFrom.get(key.thumbprint());
          return from != null && clock.instant().isBefore(from);
        });
    for (var key : keys.all()) {
      var from = signsFrom.get(key.thumbprint());
      if (from != null && clock.instant().isBefore(from)) {
        LOG.infof(
            "signing key %s is published; it signs from %s on, or now if no other fits (%s)",
            key.kid(), from, "latchkey.signing.publish_before");
      }
    }
  }
}
