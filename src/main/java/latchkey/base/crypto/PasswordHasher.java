package latchkey.base.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import latchkey.base.error.DomainProblem;
import latchkey.base.system.Randomness;

/// Hashes and verifies passwords on a small fixed pool with a bounded queue: hashing takes a core
/// and 19 MiB for a while, so a crowd at the door must wait or be told to come back, not take the
/// server down.
public final class PasswordHasher implements AutoCloseable {
  private static final int QUEUE = 64;
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final Duration COME_BACK = Duration.ofSeconds(2);

  /// A hash to store, and the version of the scheme that made it.
  public record HashedPassword(int version, String hash) {
    @Override
    public String toString() {
      return "HashedPassword[version " + version + "]";
    }
  }

  /// What comparing a password with a stored hash tells.
  public sealed interface Verdict {
    /// The right password; `outdated` if a newer scheme should hash it again.
    record Match(boolean outdated) implements Verdict {}

    record Mismatch() implements Verdict {}

    /// No configured scheme can read the hash: an admin's mistake, not the user's.
    record Unreadable() implements Verdict {}
  }

  private final List<PasswordScheme> schemes;
  private final PasswordScheme newest;
  private final Randomness randomness;
  private final Argon2id argon2 = Argon2id.bestAvailable();
  private final ThreadPoolExecutor pool;
  private final Future<HashedPassword> nobody;

  public PasswordHasher(List<PasswordScheme> schemes, Randomness randomness) {
    this.schemes = List.copyOf(schemes);
    this.newest =
        schemes.stream().max(Comparator.comparingInt(PasswordScheme::version)).orElseThrow();
    this.randomness = randomness;
    int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);
    this.pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(QUEUE),
            Thread.ofPlatform().daemon().name("password-", 1).factory());
    this.nobody = pool.submit(() -> compute(Secret.of(randomness.alphanumeric(20))));
  }

  /// For the start log.
  public String describe() {
    return argon2.isNative() ? "argon2 by its native library" : "argon2 by BouncyCastle";
  }

  /// A hash by the newest scheme.
  public HashedPassword hash(Secret password) {
    return queued(() -> compute(password));
  }

  public Verdict verify(Secret password, HashedPassword stored) {
    return queued(() -> compare(password, stored));
  }

  /// As much work as [#verify] with a hash of the newest scheme, where there is none to compare
  /// with.
  public void pretend(Secret password) {
    queued(() -> compare(password, nobody.get()));
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }

  private HashedPassword compute(Secret password) {
    var salt = randomness.bytes(Argon2id.SALT);
    var bytes = normalized(password, newest);
    var hash =
        switch (newest.algorithm()) {
          case ARGON2ID -> argon2.hash(bytes, salt, newest.pepper());
          case BCRYPT -> Bcrypt.hash(peppered(bytes, newest), salt, newest.cost());
          case PBKDF2 -> Pbkdf2.hash(peppered(bytes, newest), salt);
        };
    Arrays.fill(bytes, (byte) 0);
    return new HashedPassword(newest.version(), hash);
  }

  private Verdict compare(Secret password, HashedPassword stored) {
    var scheme = schemes.stream().filter(s -> s.version() == stored.version()).findFirst();
    if (scheme.isEmpty()) {
      return new Verdict.Unreadable();
    }
    var bytes = normalized(password, scheme.get());
    Optional<Boolean> same =
        switch (scheme.get().algorithm()) {
          case ARGON2ID -> argon2.verify(bytes, stored.hash(), scheme.get().pepper());
          case BCRYPT -> Bcrypt.verify(peppered(bytes, scheme.get()), stored.hash());
          case PBKDF2 -> Pbkdf2.verify(peppered(bytes, scheme.get()), stored.hash());
        };
    Arrays.fill(bytes, (byte) 0);
    return same.map(match -> match ? matched(stored) : new Verdict.Mismatch())
        .orElseGet(Verdict.Unreadable::new);
  }

  private Verdict matched(HashedPassword stored) {
    return new Verdict.Match(stored.version() != newest.version());
  }

  private <T> T queued(Callable<T> work) {
    Future<T> future;
    try {
      future = pool.submit(work);
    } catch (RejectedExecutionException e) {
      throw busy(e);
    }
    try {
      return future.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw busy(e);
    } catch (TimeoutException e) {
      future.cancel(false);
      throw busy(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a password could not be hashed", e.getCause());
    }
  }

  private static DomainProblem busy(Exception cause) {
    return DomainProblem.unavailable(
        COME_BACK, "Too many people are signing in at this moment. Please try again.", cause);
  }

  private static byte[] normalized(Secret password, PasswordScheme scheme) {
    var text = password.reveal();
    return (scheme.normalize() ? Normalizer.normalize(text, Normalizer.Form.NFKC) : text)
        .getBytes(StandardCharsets.UTF_8);
  }

  /// bcrypt and PBKDF2 know no secret parameter: the pepper follows the password.
  private static byte[] peppered(byte[] password, PasswordScheme scheme) {
    var pepper = scheme.pepper();
    return pepper == null
        ? password
        : ByteBuffer.allocate(password.length + pepper.length).put(password).put(pepper).array();
  }
}
