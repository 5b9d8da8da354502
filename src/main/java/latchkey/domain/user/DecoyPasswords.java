package latchkey.domain.user;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import latchkey.base.crypto.Digest;
import latchkey.base.crypto.PasswordHasher.HashedPassword;

/// What a password is compared with when nobody has the name it came with. After a migration some
/// hashes take ten times as long as others; so unknown names are spread over the stored kinds as
/// the known ones are, each name always to the same kind, and time tells nothing.
@Singleton
class DecoyPasswords {
  private static final Duration KEPT = Duration.ofMinutes(10);

  /// A kind of stored password, how many there are, and one of them.
  record Kind(long count, HashedPassword example) {}

  private record Known(List<Kind> kinds, Instant readAt) {}

  private final UserPasswordRepository passwords;
  private final Clock clock;
  private volatile Known known = new Known(List.of(), Instant.EPOCH);

  DecoyPasswords(UserPasswordRepository passwords, Clock clock) {
    this.passwords = passwords;
    this.clock = clock;
  }

  /// Empty while nobody has a password.
  @Transactional
  Optional<HashedPassword> of(String name) {
    var now = clock.instant();
    // A clock that was set back must not keep it for longer.
    if (!now.isBefore(known.readAt().plus(KEPT)) || now.isBefore(known.readAt())) {
      known = new Known(passwords.kinds(), now);
    }
    return choose(name, known.kinds());
  }

  private static Optional<HashedPassword> choose(String name, List<Kind> kinds) {
    long total = kinds.stream().mapToLong(Kind::count).sum();
    if (total == 0) {
      return Optional.empty();
    }
    // Nobody outside knows the hashes, so nobody can tell where a name falls.
    var salt = kinds.getFirst().example().hash();
    long place =
        new BigInteger(1, Digest.sha256(salt + name)).mod(BigInteger.valueOf(total)).longValue();
    for (var kind : kinds) {
      place -= kind.count();
      if (place < 0) {
        return Optional.of(kind.example());
      }
    }
    return Optional.of(kinds.getLast().example());
  }
}
