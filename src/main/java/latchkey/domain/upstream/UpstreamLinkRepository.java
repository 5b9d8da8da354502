package latchkey.domain.upstream;

import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The table `upstream_links`. One statement a method, within the caller's transaction.
@Singleton
public class UpstreamLinkRepository {
  private final EntityManager entities;

  UpstreamLinkRepository(EntityManager entities) {
    this.entities = entities;
  }

  /// The link of a subject; made if it is seen for the first time. Its account name is brought up
  /// to date, if there is one.
  ///
  /// @param id of a new one
  public UpstreamLinkView findOrCreate(
      UUID id, UUID provider, String subject, @Nullable String accountName, Instant now) {
    throw new UnsupportedOperationException();
  }

  public Optional<UpstreamLinkView> find(UUID id) {
    throw new UnsupportedOperationException();
  }

  /// Ties it to a user; false if it is somebody's, theirs too.
  public boolean attach(UUID link, UUID user) {
    throw new UnsupportedOperationException();
  }

  /// Takes it from its user, and marks the trips that came by it; false if it is not theirs.
  public boolean detach(UUID link, UUID user, Instant now) {
    throw new UnsupportedOperationException();
  }

  /// Oldest first.
  public List<UpstreamLinkView> ofUser(UUID user) {
    throw new UnsupportedOperationException();
  }

  public int countOfUser(UUID user) {
    throw new UnsupportedOperationException();
  }
}
