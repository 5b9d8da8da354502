package latchkey.domain.grant;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.crypto.Digest;
import latchkey.base.crypto.Secret;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;

/// Starts a legacy client's way through the browser (`m.login.sso`), gives it its login token, and
/// finds it by that. The token exists in clear only in what [#fulfil] returns.
@Singleton
public class CompatSsoLogins {
  private static final int TOKEN_LENGTH = 32;

  /// What its page finds.
  public sealed interface Lookup {
    record Pending(String redirectUri) implements Lookup {}

    /// It was answered already, or waited too long.
    record Over() implements Lookup {}

    record NotFound() implements Lookup {}
  }

  private final CompatSsoLoginRepository logins;
  private final Clock clock;
  private final Ids ids;
  private final Randomness randomness;

  CompatSsoLogins(CompatSsoLoginRepository logins, Clock clock, Ids ids, Randomness randomness) {
    this.logins = logins;
    this.clock = clock;
    this.ids = ids;
    this.randomness = randomness;
  }

  /// Answers the id under which its page finds it.
  public UUID start(String redirectUri) throws SQLException {
    var now = clock.instant();
    var id = ids.next(now);
    logins.insert(id, redirectUri, now);
    return id;
  }

  public Lookup find(UUID id) throws SQLException {
    var oldest = clock.instant().minus(CompatSsoLogin.PENDING_LIFETIME);
    return logins
        .find(id)
        .<Lookup>map(
            login ->
                !login.answered() && login.createdAt().isAfter(oldest)
                    ? new Lookup.Pending(login.redirectUri())
                    : new Lookup.Over())
        .orElseGet(Lookup.NotFound::new);
  }

  /// Its user said yes. Empty if that was said before, or too much time has passed.
  public Optional<Secret> fulfil(UUID id, UUID browserSession) throws SQLException {
    var now = clock.instant();
    var token = Secret.of(randomness.alphanumeric(TOKEN_LENGTH));
    var oldest = now.minus(CompatSsoLogin.PENDING_LIFETIME);
    return logins.fulfil(id, browserSession, Digest.sha256(token.bytes()), oldest, now)
        ? Optional.of(token)
        : Optional.empty();
  }

  public Optional<CompatSsoLogin> findByToken(Secret token) throws SQLException {
    return logins.findByToken(Digest.sha256(token.bytes()));
  }

  /// Uses the token up for a session, in the caller's transaction. False if somebody else has.
  public boolean consume(UUID id, UUID session, Instant now) throws SQLException {
    return logins.consume(id, session, now);
  }
}
