package latchkey.domain.user;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import latchkey.base.crypto.PasswordHasher;
import latchkey.base.crypto.PasswordHasher.HashedPassword;
import latchkey.base.crypto.PasswordHasher.Verdict;
import latchkey.base.crypto.Secret;
import latchkey.base.error.DomainProblem;
import latchkey.base.matrix.MatrixId;
import latchkey.domain.homeserver.Homeserver;
import org.jboss.logging.Logger;

/// Proves a person by name and password. Unknown names, accounts without a password and wrong
/// passwords cost the same work and get the same answer, and count the same towards the limits on
/// guessing. No database connection is held while hashing.
@Singleton
public class CheckPassword {
  private static final Logger LOG = Logger.getLogger(CheckPassword.class);

  /// Who it was, or that it was not.
  public sealed interface Outcome {
    record Proven(UserView user) implements Outcome {}

    record WrongCredentials() implements Outcome {}

    /// The right password for an account that is locked or deactivated.
    record Inactive(UserView user) implements Outcome {}

    /// Nothing was looked at: it was tried too often. The same may be tried again after that time.
    record TooMany(Duration retryAfter) implements Outcome {}
  }

  private record Found(UserView user, HashedPassword password) {}

  private final UserRepository users;
  private final UserPasswordRepository passwords;
  private final DecoyPasswords decoys;
  private final LoginLimits limits;
  private final PasswordHasher hasher;
  private final Homeserver homeserver;
  private final Clock clock;

  CheckPassword(
      UserRepository users,
      UserPasswordRepository passwords,
      DecoyPasswords decoys,
      LoginLimits limits,
      PasswordHasher hasher,
      Homeserver homeserver,
      Clock clock) {
    this.users = users;
    this.passwords = passwords;
    this.decoys = decoys;
    this.limits = limits;
    this.hasher = hasher;
    this.homeserver = homeserver;
    this.clock = clock;
  }

  /// @param name a localpart, or a Matrix id of this server
  public Outcome handle(String name, Secret password, LoginOrigin origin) {
    var localpart = localpart(name);
    return check(localpart, () -> users.findByUsername(localpart), password, origin);
  }

  /// @param address a verified e-mail address of the person
  public Outcome handleEmail(String address, Secret password, LoginOrigin origin) {
    return check(address, () -> users.findByEmail(address), password, origin);
  }

  private Outcome check(
      String name, Supplier<Optional<UserView>> who, Secret password, LoginOrigin origin) {
    if (password.isEmpty()) {
      // Nobody has that one, and the native argon2 does not take it.
      return new Outcome.WrongCredentials();
    }
    var admission = limits.admit(name, origin);
    if (admission instanceof LoginLimits.Admission.Refused(var retryAfter)) {
      return new Outcome.TooMany(retryAfter);
    }
    var found = QuarkusTransaction.requiringNew().call(() -> find(who));
    if (found.isEmpty()) {
      pretend(name, password);
      return new Outcome.WrongCredentials();
    }
    var outcome = verify(found.get(), password);
    if (!(outcome instanceof Outcome.WrongCredentials)) {
      limits.proven(admission);
    }
    return outcome;
  }

  private Outcome verify(Found found, Secret password) {
    return switch (hasher.verify(password, found.password())) {
      case Verdict.Match(var outdated) -> {
        if (outdated) {
          upgrade(found, password);
        }
        var user = found.user();
        yield user.isActive() ? new Outcome.Proven(user) : new Outcome.Inactive(user);
      }
      case Verdict.Mismatch _ -> new Outcome.WrongCredentials();
      case Verdict.Unreadable _ -> {
        LOG.errorf(
            "the password of %s is of version %d, which no entry of passwords.schemes can read",
            found.user().username(), found.password().version());
        hasher.pretend(password);
        yield new Outcome.WrongCredentials();
      }
    };
  }

  private void pretend(String name, Secret password) {
    var decoy = decoys.of(name.toLowerCase(Locale.ROOT));
    if (decoy.isEmpty()) {
      hasher.pretend(password);
    } else {
      hasher.verify(password, decoy.get());
    }
  }

  private Optional<Found> find(Supplier<Optional<UserView>> who) {
    return who.get()
        .flatMap(
            user ->
                passwords
                    .findByIdOptional(user.id())
                    .map(password -> new Found(user, password.hashed())));
  }

  /// A crowd at the door is no reason to refuse somebody who has proven the password: then the old
  /// hash stays until the next time.
  private void upgrade(Found found, Secret password) {
    HashedPassword better;
    try {
      better = hasher.hash(password);
    } catch (DomainProblem e) {
      LOG.debugf("the old hash stays for now: %s", e.getMessage());
      return;
    }
    QuarkusTransaction.requiringNew()
        .run(() -> passwords.upgrade(found.user().id(), found.password(), better, clock.instant()));
  }

  /// What of a name stands for the account: all of it, or a Matrix id of this server without the
  /// rest.
  String localpart(String name) {
    var trimmed = name.strip();
    return MatrixId.parse(trimmed)
        .filter(id -> id.server().equals(homeserver.serverName()))
        .map(MatrixId::localpart)
        .orElse(trimmed);
  }
}
