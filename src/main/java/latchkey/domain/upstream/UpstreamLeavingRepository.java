package latchkey.domain.upstream;

import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import latchkey.base.crypto.Encryption;
import latchkey.base.crypto.Secret;
import org.jspecify.annotations.Nullable;

/// The table `upstream_sessions`: those that somebody signed in by, and may have to leave by. One
/// statement a method, within the caller's transaction.
@Singleton
public class UpstreamLeavingRepository {
  private final EntityManager entities;
  private final Encryption encryption;

  UpstreamLeavingRepository(EntityManager entities, Encryption encryption) {
    this.entities = entities;
    this.encryption = encryption;
  }

  /// @param userId whose link it is; null if it was taken from them
  /// @param browserSessionId null once that is deleted
  public record Consumed(UUID id, @Nullable UUID userId, @Nullable UUID browserSessionId) {}

  /// One whose provider is to be asked again.
  ///
  /// @param subject of its link
  /// @param failures how often in a row there was no answer
  public record Due(
      UUID id,
      UUID providerId,
      UUID userId,
      @Nullable UUID browserSessionId,
      String subject,
      Secret refreshToken,
      int failures) {
    @Override
    public String toString() {
      return "Due[" + id + "]";
    }
  }

  /// Those that end when the provider says that this session ended there.
  public List<Consumed> bySid(UUID provider, String sid) {
    throw new UnsupportedOperationException();
  }

  /// Those that end when the provider says that this person signed out there.
  ///
  /// @param subject `sub` of the ID token
  public List<Consumed> bySubject(UUID provider, String subject) {
    throw new UnsupportedOperationException();
  }

  /// Some that are due, each put off by `lease` so that no other replica takes it meanwhile; the
  /// transaction has to be committed before anybody is asked.
  public List<Due> takeDue(Instant now, Duration lease, int limit) {
    throw new UnsupportedOperationException();
  }

  /// It is as it was.
  ///
  /// @param refreshToken the new one; null to keep the one that was used
  /// @param next when to ask again
  public void revalidated(UUID id, @Nullable Secret refreshToken, Instant next) {
    throw new UnsupportedOperationException();
  }

  /// There was no answer.
  public void failed(UUID id, Instant next) {
    throw new UnsupportedOperationException();
  }

  /// Nobody asks again; the refresh token is forgotten.
  public void stop(UUID id) {
    throw new UnsupportedOperationException();
  }
}
