package latchkey.domain.upstream;

import java.util.Optional;

/// A provider says that somebody signed out there (OpenID Connect Back-Channel Logout §2.4). One of
/// both is always there.
///
/// @param subject `sub`: all their sessions, unless there is a `sid`
/// @param sid one session
public record LogoutNotice(Optional<String> subject, Optional<String> sid) {}
