package latchkey.domain.upstream;

import java.time.Instant;
import java.util.Optional;

/// A provider says that somebody signed out there (OpenID Connect Back-Channel Logout §2.4). One of
/// subject and session is always there.
///
/// @param subject `sub`: all their sessions, unless there is a `sid`
/// @param sid one session
/// @param id `jti`, by which it counts once: [VerifyLogoutToken#spend]
/// @param expires when it is too old to be taken anyway
public record LogoutNotice(
    Optional<String> subject, Optional<String> sid, String id, Instant expires) {}
