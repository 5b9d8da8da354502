package latchkey.endpoint.account;

import java.time.Duration;
import java.time.Instant;
import latchkey.base.language.Translation;
import latchkey.base.system.Ids;
import latchkey.domain.client.ClientName;
import latchkey.domain.session.SessionWords;
import latchkey.domain.user.AppPassword;
import org.jspecify.annotations.Nullable;

/// An app password in words of its user's language.
///
/// @param id as it stands in URLs
/// @param expires date and time, UTC; null for never
/// @param lastUsed the last login with it; null for never
/// @param address of that login, if it is still known
/// @param program that logged in, if it said so
/// @param longAgo not used for months
record SeenAppPassword(
    String id,
    String name,
    String made,
    @Nullable String expires,
    boolean expired,
    @Nullable String lastUsed,
    @Nullable String address,
    @Nullable String program,
    boolean longAgo) {
  private static final Duration LONG_AGO = Duration.ofDays(90);

  static SeenAppPassword of(AppPassword password, Translation translation, Instant now) {
    var used = password.lastUsedAt();
    var expires = password.expiresAt();
    return new SeenAppPassword(
        Ids.text(password.id()),
        password.name(),
        SessionWords.when(password.createdAt(), translation),
        expires == null ? null : SessionWords.when(expires, translation),
        password.isExpired(now),
        used == null ? null : SessionWords.when(used, translation),
        password.lastUsedIp(),
        ClientName.shown(password.lastUsedAgent()).orElse(null),
        !(used == null ? password.createdAt() : used).plus(LONG_AGO).isAfter(now));
  }
}
