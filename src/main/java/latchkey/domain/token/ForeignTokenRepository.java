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
import javax.sql.DataSource;
import latchkey.base.crypto.Digest;
import latchkey.base.crypto.Secret;
import org.jspecify.annotations.Nullable;

/// Tokens of other makers, by their SHA-256 (table `foreign_tokens`). Digests that are not there
/// are remembered for five seconds, so that guessing costs the database little.
@Singleton
class ForeignTokenRepository {
  private static final Duration UNKNOWN = Duration.ofSeconds(5);
  private static final long SIZE = 100_000;

  /// What such a token stands for: the same as a computed one of the same session, kind and
  /// generation.
  record ForeignToken(
      UUID session,
      TokenKind kind,
      long generation,
      Instant issuedAt,
      @Nullable Instant expiresAt) {}

  private final DataSource database;
  private final Cache<ByteBuffer, Boolean> unknown =
      Caffeine.newBuilder().maximumSize(SIZE).expireAfterWrite(UNKNOWN).build();

  ForeignTokenRepository(DataSource database) {
    this.database = database;
  }

  Optional<ForeignToken> find(Secret token) throws SQLException {
    var digest = Digest.sha256(token.bytes());
    var key = ByteBuffer.wrap(digest);
    if (unknown.getIfPresent(key) != null) {
      return Optional.empty();
    }
    var found = query(digest);
    if (found.isEmpty()) {
      unknown.put(key, true);
    }
    return found;
  }

  private Optional<ForeignToken> query(byte[] digest) throws SQLException {
    var sql =
        "select session_id, kind, generation, issued_at, expires_at from latchkey.foreign_tokens where digest = ?";
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
