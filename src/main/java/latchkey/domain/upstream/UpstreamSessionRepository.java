package latchkey.domain.upstream;

import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.crypto.Encryption;
import latchkey.base.crypto.Secret;
import org.jspecify.annotations.Nullable;

/// The table `upstream_sessions`: trips on their way. One statement a method, within the caller's
/// transaction; what Hibernate holds back is written first.
@Singleton
public class UpstreamSessionRepository {
  private final EntityManager entities;
  private final Encryption encryption;

  UpstreamSessionRepository(EntityManager entities, Encryption encryption) {
    this.entities = entities;
    this.encryption = encryption;
  }

  /// A trip that came back and was not consumed yet.
  ///
  /// @param link which it was completed with; the user is as of now
  public record Completed(
      UUID id, UUID providerId, UpstreamLinkView link, Claims claims, Instant completedAt) {
    @Override
    public String toString() {
      return "Completed[" + id + "]";
    }
  }

  /// How somebody signed in at the provider, by what their browser session was last proven with.
  public record SignedIn(
      UUID providerId, Optional<String> acr, List<String> amr, Optional<Instant> authTime) {
    public SignedIn {
      amr = List.copyOf(amr);
    }
  }

  /// What signs a browser out at the provider.
  public record WayOut(UUID providerId, Optional<Secret> idToken) {}

  public void start(UUID id, UUID provider, Instant now) {
    throw new UnsupportedOperationException();
  }

  /// Keeps what the provider said; false if it was completed before, or is another provider's trip.
  public boolean complete(UUID id, UUID provider, UUID link, Identity identity, Instant now) {
    throw new UnsupportedOperationException();
  }

  /// Empty too if it was consumed, or its link was taken away.
  public Optional<Completed> findCompleted(UUID id) {
    throw new UnsupportedOperationException();
  }

  /// The trip ends in a browser session, which says so from now on; what was said on it is wiped.
  /// False if it was consumed before, or never completed.
  ///
  /// @param revalidateAt when to ask the provider again; null for never, and never without a
  ///   refresh token
  public boolean consume(
      UUID id, UUID browserSession, @Nullable Instant revalidateAt, Instant now) {
    throw new UnsupportedOperationException();
  }

  /// Ends a trip that leads to no sign-in, such as one to link an account; false as [#consume].
  public boolean consumeWithout(UUID id, Instant now) {
    throw new UnsupportedOperationException();
  }

  public Optional<SignedIn> signedIn(UUID browserSession) {
    throw new UnsupportedOperationException();
  }

  public Optional<WayOut> wayOut(UUID browserSession) {
    throw new UnsupportedOperationException();
  }

  /// Deletes some trips that lead nowhere: begun before then, and no browser session holds them;
  /// answers how many.
  int deleteLoose(Instant before, int limit) {
    throw new UnsupportedOperationException();
  }
}
