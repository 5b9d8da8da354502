package latchkey.domain.token;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.crypto.Secret;
import latchkey.domain.session.FinishReason;
import latchkey.domain.session.SessionCache;
import latchkey.domain.session.SessionExpiry;
import latchkey.domain.session.SessionSnapshot;
import latchkey.domain.session.SessionTokensRepository;
import latchkey.domain.session.UsedGenerations;

/// Is this token good at this moment? Walks token, session, user, asking each. Warm, it costs no
/// SQL. Out of ignorance it never says no: homeservers remember that.
@Singleton
public class CheckToken {
  /// The answer.
  public sealed interface Outcome {
    record Active(KnownToken token, SessionSnapshot session) implements Outcome {}

    record Inactive() implements Outcome {}

    /// Nobody can tell now: the database is away, data is missing, or the key is not here.
    record Unknown(String reason) implements Outcome {}
  }

  private final TokenReader reader;
  private final SessionCache cache;
  private final SessionTokensRepository sessions;
  private final UsedGenerations used;
  private final LostSessions lost;
  private final SessionExpiry expiry;
  private final Clock clock;

  CheckToken(
      TokenReader reader,
      SessionCache cache,
      SessionTokensRepository sessions,
      UsedGenerations used,
      LostSessions lost,
      SessionExpiry expiry,
      Clock clock) {
    this.reader = reader;
    this.cache = cache;
    this.sessions = sessions;
    this.used = used;
    this.lost = lost;
    this.expiry = expiry;
    this.clock = clock;
  }

  /// Checks any token. An active access token counts as used from now on.
  public Outcome handle(Secret text) {
    try {
      var token = reader.read(text);
      if (token.isEmpty() || !isCurrent(token.get())) {
        return new Outcome.Inactive();
      }
      return token.get().kind().isAccess() ? access(token.get()) : refresh(token.get());
    } catch (TokenReader.UnknownKey | SQLException e) {
      return new Outcome.Unknown(String.valueOf(e.getMessage()));
    }
  }

  /// The same where nothing has to be waited for: an access token that is good by what is
  /// remembered. Empty for everything else, bad tokens too: ask [#handle] then.
  public Optional<Outcome.Active> recall(Secret text) {
    var token = reader.recall(text).filter(known -> known.kind().isAccess() && isCurrent(known));
    if (token.isEmpty()
        || !(cache.recall(token.get().session()).orElse(null)
            instanceof SessionCache.Answer.Known known)) {
      return Optional.empty();
    }
    boolean good = fits(token.get(), known.session()) && expiry.of(known.session()).isEmpty();
    return good ? Optional.of(active(token.get(), known)) : Optional.empty();
  }

  private Outcome.Active active(KnownToken token, SessionCache.Answer.Known known) {
    used.mark(token.session(), token.generation(), known.inUse());
    return new Outcome.Active(token, known.session());
  }

  /// Whether an access token belongs to a live session, be its user locked or not: enough to sign
  /// out with. Asks the database.
  public Outcome handleSignOut(Secret text) {
    try {
      var token = reader.read(text);
      if (token.isEmpty() || !token.get().kind().isAccess() || !isCurrent(token.get())) {
        return new Outcome.Inactive();
      }
      var session = sessions.find(token.get().session());
      if (session.isEmpty()) {
        return missing(token.get());
      }
      return token.get().fits(session.get()) && session.get().isLive()
          ? new Outcome.Active(token.get(), session.get())
          : new Outcome.Inactive();
    } catch (TokenReader.UnknownKey | SQLException e) {
      return new Outcome.Unknown(String.valueOf(e.getMessage()));
    }
  }

  private Outcome access(KnownToken token) throws SQLException {
    return switch (cache.find(token.session())) {
      case SessionCache.Answer.Known(var session, _) when !fits(token, session) ->
          new Outcome.Inactive();
      case SessionCache.Answer.Known(var session, _) when isOver(session) -> new Outcome.Inactive();
      case SessionCache.Answer.Known known -> active(token, known);
      case SessionCache.Answer.Missing _ -> missing(token);
      case SessionCache.Answer.Unknown _ -> new Outcome.Unknown("the database is away");
    };
  }

  /// A refresh token's state is its generation, which is never taken from a cache.
  private Outcome refresh(KnownToken token) throws SQLException {
    var session = sessions.find(token.session());
    if (session.isEmpty()) {
      return missing(token);
    }
    boolean current = token.generation() >= session.get().generation();
    return current && fits(token, session.get()) && expiry.of(session.get()).isEmpty()
        ? new Outcome.Active(token, session.get())
        : new Outcome.Inactive();
  }

  private Outcome missing(KnownToken token) throws SQLException {
    return lost.isLoss(token)
        ? new Outcome.Unknown("the session is missing from this database")
        : new Outcome.Inactive();
  }

  /// What is remembered may not know of a use that another replica has seen: the row does. A job
  /// ends the session later.
  private boolean isOver(SessionSnapshot remembered) {
    var reason = expiry.of(remembered);
    return reason.isPresent()
        && (reason.get() != FinishReason.IDLE || isOverByItsRow(remembered.id()));
  }

  /// While the database is away, the last that is known holds.
  private boolean isOverByItsRow(UUID session) {
    try {
      return sessions.find(session).flatMap(expiry::of).isPresent();
    } catch (SQLException e) {
      return false;
    }
  }

  /// By what the token says itself. One that was narrowed is none for the whole of its session.
  private boolean isCurrent(KnownToken token) {
    return !token.isExpired(clock.instant()) && token.narrowing() == 0;
  }

  private static boolean fits(KnownToken token, SessionSnapshot session) {
    return token.fits(session) && session.isUsable();
  }
}
