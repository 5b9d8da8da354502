package latchkey.domain.upstream;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Subject S at provider P is user U.
///
/// @param userId null if it is nobody's yet
/// @param accountName what they recognise their account there by
public record UpstreamLinkView(
    UUID id,
    UUID providerId,
    @Nullable UUID userId,
    String subject,
    @Nullable String accountName,
    Instant createdAt) {
  public Optional<UUID> user() {
    return Optional.ofNullable(userId);
  }

  /// Subjects and names are about people.
  @Override
  public String toString() {
    return "UpstreamLinkView[" + id + "]";
  }
}
