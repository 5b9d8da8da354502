package latchkey.domain.upstream;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Looks up who is who at which provider.
@Singleton
public class UpstreamLinks {
  private final UpstreamLinkRepository links;

  UpstreamLinks(UpstreamLinkRepository links) {
    this.links = links;
  }

  @Transactional
  public Optional<UpstreamLinkView> find(UUID link) {
    return links.find(link);
  }

  /// Oldest first.
  @Transactional
  public List<UpstreamLinkView> ofUser(UUID user) {
    return links.ofUser(user);
  }
}
