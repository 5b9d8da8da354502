package latchkey.domain.token;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import latchkey.base.crypto.Secret;
import latchkey.domain.session.Activity;
import latchkey.domain.session.EndSession;
import latchkey.domain.session.FinishReason;
import latchkey.domain.session.SessionTokensRepository;
import org.jspecify.annotations.Nullable;

/// Ends the session a token belongs to (RFC 7009, MSC4254): either token, expired or superseded,
/// ends both and the device. Whoever holds a token may give it up, so that leaked ones can be
/// reported.
@Singleton
public class RevokeToken {
  private final TokenReader reader;
  private final SessionTokensRepository sessions;
  private final EndSession endSession;
  private final Activity activity;
  private final Clock clock;

  RevokeToken(
      TokenReader reader,
      SessionTokensRepository sessions,
      EndSession endSession,
      Activity activity,
      Clock clock) {
    this.reader = reader;
    this.sessions = sessions;
    this.endSession = endSession;
    this.activity = activity;
    this.clock = clock;
  }

  /// Does nothing if it is no token, or its session has ended: the loser of two revocations is
  /// content.
  ///
  /// @param ipAddress who asks for it
  public void handle(Secret text, @Nullable String ipAddress)
      throws SQLException, TokenReader.UnknownKey {
    var token = reader.read(text);
    if (token.isPresent()) {
      var session = sessions.find(token.get().session());
      if (session.isPresent() && token.get().fits(session.get())) {
        endSession.handle(session.get().id(), FinishReason.REVOKED);
        if (session.get().isLive()) {
          activity.used(session.get().kind(), session.get().id(), clock.instant(), ipAddress, null);
        }
      }
    }
  }
}
