package latchkey.domain.token;

import java.util.Optional;
import latchkey.domain.session.SessionKind;

/// What a token is, told by its prefix.
public enum TokenKind {
  OAUTH_ACCESS("mat", true),
  OAUTH_REFRESH("mar", false),
  COMPAT_ACCESS("mct", true),
  COMPAT_REFRESH("mcr", false),
  PERSONAL("mpt", true);

  private final String prefix;
  private final boolean access;

  TokenKind(String prefix, boolean access) {
    this.prefix = prefix;
    this.access = access;
  }

  public static Optional<TokenKind> withPrefix(String prefix) {
    for (var kind : values()) {
      if (kind.prefix.equals(prefix)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  public String prefix() {
    return prefix;
  }

  /// Whether a session of that kind has such tokens.
  boolean belongsTo(SessionKind session) {
    return switch (this) {
      case OAUTH_ACCESS, OAUTH_REFRESH -> session == SessionKind.OAUTH;
      case COMPAT_ACCESS, COMPAT_REFRESH -> session == SessionKind.COMPAT;
      case PERSONAL -> false;
    };
  }

  /// Opens doors, rather than fetching new tokens.
  public boolean isAccess() {
    return access;
  }
}
