package latchkey.domain.session;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import latchkey.base.language.Translation;
import org.jspecify.annotations.Nullable;

/// Offers a person at the limit of their sessions those that they could sign out for a new one
/// (`matrix-compat.md` 8): the OAuth and compat sessions that were not used for longest. Browsers
/// do not count.
@Singleton
public class ChooseSessions {
  /// More than anybody reads.
  private static final int MOST = 30;

  private final SessionListRepository sessions;
  private final SessionWords words;

  ChooseSessions(SessionListRepository sessions, SessionWords words) {
    this.sessions = sessions;
    this.words = words;
  }

  /// @param device that the new one will be on: what is there already goes with it, and does not
  ///   count; null if that is not known
  public List<SeenSession> handle(UUID user, @Nullable String device, Translation translation) {
    try {
      return sessions.leastUsed(user, device, MOST).stream()
          .map(session -> words.of(session, translation, null))
          .toList();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
