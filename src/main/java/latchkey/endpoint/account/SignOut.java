package latchkey.endpoint.account;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.sql.SQLException;
import java.util.Collection;
import java.util.UUID;
import latchkey.domain.session.BrowserSessions;
import latchkey.domain.session.EndSession;
import latchkey.domain.session.FinishReason;

/// Ends sessions at the wish of their user.
@Singleton
class SignOut {
  private final EndSession endSession;
  private final BrowserSessions browserSessions;

  SignOut(EndSession endSession, BrowserSessions browserSessions) {
    this.endSession = endSession;
    this.browserSessions = browserSessions;
  }

  /// OAuth and compat sessions, those of them that are the user's; answers how many were live.
  @Transactional
  int apps(UUID user, Collection<UUID> sessions) throws SQLException {
    return endSession.handleOwn(user, sessions, FinishReason.SIGNED_OUT);
  }

  @Transactional
  void browser(UUID user, UUID session) {
    browserSessions.finishOwn(user, session);
  }

  /// Everything but this browser, all or nothing; answers how many there were.
  @Transactional
  int others(UUID user, UUID here) throws SQLException {
    return endSession.handleEvery(user, FinishReason.SIGNED_OUT)
        + browserSessions.finishOthers(user, here);
  }
}
