package latchkey.domain.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import latchkey.base.crypto.Digest;
import latchkey.base.crypto.Secret;
import latchkey.base.database.DatabaseState;
import org.jspecify.annotations.Nullable;

/// Tokens of other makers, by their SHA-256 (table `foreign_tokens`). What one stands for never
/// changes, so it is remembered, for ten minutes and while the database is away; whether it is
/// still good is its session's affair. Digests that are not there are remembered for five seconds,
/// so that guessing costs the database little.
@Singleton
class ForeignTokenRepository {
  private static final Duration UNKNOWN = Duration.ofSeconds(5);
  private static final Duration KNOWN = Duration.ofMinutes(10);
  private static final long SIZE = 100_000;
  private static final int PLACES = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /// What such a token stands for: the same as a computed one of the same session, kind and
  /// generation.
  record ForeignToken(
      UUID session,
      TokenKind kind,
      long generation,
      Instant issuedAt,
      @Nullable Instant expiresAt) {}

  private record Found(ForeignToken token, long at) {
    boolean isYoung() {
      return System.nanoTime() - at < KNOWN.toNanos();
    }
  }

  private final DataSource database;
  private final DatabaseState state;
  private final Semaphore places = new Semaphore(PLACES);
  private final Cache<ByteBuffer, Found> known = Caffeine.newBuilder().maximumSize(SIZE).build();
  private final Cache<ByteBuffer, Boolean> unknown =
      Caffeine.newBuilder().maximumSize(SIZE).expireAfterWrite(UNKNOWN).build();

  ForeignTokenRepository(DataSource database, DatabaseState state) {
    this.database = database;
    this.state = state;
  }

  Optional<ForeignToken> find(Secret token) throws SQLException {
    var digest = Digest.sha256(token.bytes());
    var key = ByteBuffer.wrap(digest);
    if (unknown.getIfPresent(key) != null) {
      return Optional.empty();
    }
    var before = known.getIfPresent(key);
    if (before != null && before.isYoung()) {
      return Optional.of(before.token());
    }
    try {
      return remember(key, look(digest));
    } catch (SQLException e) {
      if (before == null) {
        throw e;
      }
      return Optional.of(before.token());
    }
  }

  /// What is remembered of one; empty if the database would have to be asked.
  Optional<ForeignToken> recall(Secret token) {
    return Optional.ofNullable(known.getIfPresent(ByteBuffer.wrap(Digest.sha256(token.bytes()))))
        .filter(Found::isYoung)
        .map(Found::token);
  }

  private Optional<ForeignToken> remember(ByteBuffer key, Optional<ForeignToken> found) {
    if (found.isPresent()) {
      known.put(key, new Found(found.get(), System.nanoTime()));
    } else {
      known.invalidate(key);
      unknown.put(key, true);
    }
    return found;
  }

  /// Anybody can make up tokens of this kind, so looking for them never takes the whole pool.
  private Optional<ForeignToken> look(byte[] digest) throws SQLException {
    if (!state.isReady()) {
      throw new SQLException("the database is away", "08006");
    }
    try {
      if (!places.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new SQLException("too many foreign tokens are being looked for", "53000");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted", "57014", e);
    }
    try {
      return query(digest);
    } finally {
      places.release();
    }
  }

  private Optional<ForeignToken> query(byte[] digest) throws SQLException {
    var sql =
        "select session_id, kind, generation, issued_at, expires_at from latchkey.foreign_tokens"
            + " where digest = ?";
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, digest);
      try (var row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        var expiresAt = row.getTimestamp("expires_at");
        return Optional.of(
            new ForeignToken(
                row.getObject("session_id", UUID.class),
                TokenKind.withPrefix(row.getString("kind")).orElseThrow(),
                row.getLong("generation"),
                row.getTimestamp("issued_at").toInstant(),
                expiresAt == null ? null : expiresAt.toInstant()));
      }
    }
  }
}
