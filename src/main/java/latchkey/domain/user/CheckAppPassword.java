package latchkey.domain.user;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import latchkey.base.crypto.Secret;
import org.jspecify.annotations.Nullable;

/// Proves a person by an app password. That is for the legacy login only: nowhere else does one
/// count. The work is the same whoever it is and however many they have made, and no slow hash is
/// needed: there is nothing to guess in 140 random bits.
@Singleton
public class CheckAppPassword {
  /// Whose it was, or that it was none.
  public sealed interface Outcome {
    record Proven(UserView user, UUID appPassword) implements Outcome {}

    /// A good one, of an account that is locked or deactivated.
    record Inactive(UserView user) implements Outcome {}

    /// It is not one, or not this user's, or over.
    ///
    /// @param origin with which the same may be tried as the person's own: one try costs its
    ///   address one permit
    record NotOne(LoginOrigin origin) implements Outcome {}

    /// It has the shape of one, and too much was tried from its address. The same may be tried
    /// again after that time.
    record TooMany(Duration retryAfter) implements Outcome {}
  }

  private static final UUID NOBODY = new UUID(0, 0);

  private final UserRepository users;
  private final AppPasswordRepository passwords;
  private final CheckPassword checkPassword;
  private final LoginLimits limits;
  private final Clock clock;

  CheckAppPassword(
      UserRepository users,
      AppPasswordRepository passwords,
      CheckPassword checkPassword,
      LoginLimits limits,
      Clock clock) {
    this.users = users;
    this.passwords = passwords;
    this.checkPassword = checkPassword;
    this.limits = limits;
    this.clock = clock;
  }

  /// @param name a localpart, or a Matrix id of this server
  public Outcome handle(String name, Secret password, LoginOrigin origin) throws SQLException {
    var localpart = checkPassword.localpart(name);
    return check(() -> users.findByUsername(localpart), password, origin);
  }

  /// @param address a verified e-mail address of the person
  public Outcome handleEmail(String address, Secret password, LoginOrigin origin)
      throws SQLException {
    return check(() -> users.findByEmail(address), password, origin);
  }

  private Outcome check(Supplier<Optional<UserView>> who, Secret password, LoginOrigin origin)
      throws SQLException {
    var digest = AppPasswordText.digest(password);
    if (digest.isEmpty()) {
      return new Outcome.NotOne(origin);
    }
    var wait = limits.admitAddress(origin);
    if (wait.isPresent()) {
      return new Outcome.TooMany(wait.get());
    }
    var user = QuarkusTransaction.requiringNew().call(who::get);
    var match = match(user.map(UserView::id).orElse(NOBODY), digest.get());
    if (user.isEmpty() || match == null) {
      return new Outcome.NotOne(origin.afterAdmission());
    }
    return user.get().isActive()
        ? new Outcome.Proven(user.get(), match)
        : new Outcome.Inactive(user.get());
  }

  private @Nullable UUID match(UUID user, byte[] digest) throws SQLException {
    UUID match = null;
    for (var candidate : passwords.candidates(user, clock.instant())) {
      if (MessageDigest.isEqual(candidate.digest(), digest)) {
        match = candidate.id();
      }
    }
    return match;
  }
}
