package latchkey.domain.token;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import latchkey.base.crypto.Secret;
import latchkey.domain.session.EndSession;
import latchkey.domain.session.SessionExpiry;
import latchkey.domain.session.SessionSnapshot;
import latchkey.domain.session.SessionTokensRepository;
import latchkey.domain.session.SessionTokensRepository.Step;
import latchkey.domain.session.UsedGenerations;
import org.jspecify.annotations.Nullable;

/// Exchanges a refresh token for its successor (RFC 6749 §6, RFC 9700 §4.14.2), so that a lost
/// answer, two processes with one store, and a race never cost anybody a session or make a second
/// branch, and a stolen token ends it. The caller has proven its client already. Two statements:
/// read the row, move the row.
@Singleton
public class RotateRefreshToken {
  private static final int ATTEMPTS = 8;
  private static final Duration SOON = Duration.ofSeconds(2);
  private static final Duration SETTLE = Duration.ofSeconds(10);
  private static final Duration WHILE_LOCKED = Duration.ofSeconds(60);

  private final TokenReader reader;
  private final SessionTokensRepository sessions;
  private final UsedGenerations used;
  private final LostSessions lost;
  private final TokenIssuer issuer;
  private final WithdrawnKeys withdrawnKeys;
  private final GenerationRule rule;
  private final TokensConfig config;
  private final EndMisusedSession endMisusedSession;
  private final EngineEvents events;
  private final Suspicion suspicion;
  private final SessionExpiry expiry;
  private final EndSession endSession;
  private final Clock clock;

  RotateRefreshToken(
      TokenReader reader,
      SessionTokensRepository sessions,
      UsedGenerations used,
      LostSessions lost,
      TokenIssuer issuer,
      WithdrawnKeys withdrawnKeys,
      TokensConfig config,
      EndMisusedSession endMisusedSession,
      EngineEvents events,
      Suspicion suspicion,
      SessionExpiry expiry,
      EndSession endSession,
      Clock clock) {
    this.reader = reader;
    this.sessions = sessions;
    this.used = used;
    this.lost = lost;
    this.issuer = issuer;
    this.withdrawnKeys = withdrawnKeys;
    this.rule = new GenerationRule(config);
    this.config = config;
    this.endMisusedSession = endMisusedSession;
    this.events = events;
    this.suspicion = suspicion;
    this.expiry = expiry;
    this.endSession = endSession;
    this.clock = clock;
  }

  /// @param client the client that has proven itself
  public Rotation handle(
      Secret refreshToken, UUID client, Presenter presenter, Permission.Check permission)
      throws SQLException {
    return handle(refreshToken, TokenKind.OAUTH_REFRESH, client, presenter, permission);
  }

  /// The same for a client of the legacy login, which has nothing to prove but the token.
  public Rotation handleCompat(
      Secret refreshToken, Presenter presenter, Permission.Check permission) throws SQLException {
    return handle(refreshToken, TokenKind.COMPAT_REFRESH, null, presenter, permission);
  }

  private Rotation handle(
      Secret refreshToken,
      TokenKind kind,
      @Nullable UUID client,
      Presenter presenter,
      Permission.Check permission)
      throws SQLException {
    try {
      var token = reader.read(refreshToken);
      return token.isPresent() && token.get().kind() == kind
          ? rotate(token.get(), client, presenter, permission)
          : refused("not a refresh token of this server");
    } catch (TokenReader.UnknownKey e) {
      return new Rotation.TryAgain(SOON, String.valueOf(e.getMessage()));
    }
  }

  private Rotation rotate(
      KnownToken token, @Nullable UUID client, Presenter presenter, Permission.Check permission)
      throws SQLException {
    // Losing a race means reading again: whoever won has moved the row, and the table knows what
    // that means.
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      var session = sessions.find(token.session());
      if (session.isEmpty()) {
        return lost.isLoss(token)
            ? new Rotation.TryAgain(SETTLE, "the session is missing from this database")
            : refused("the session is long gone");
      }
      var outcome = judge(token, session.get(), client, presenter, permission);
      if (outcome != null) {
        return outcome;
      }
    }
    return new Rotation.TryAgain(SOON, "too many others refresh this session at this moment");
  }

  /// The outcome, or null if the row moved meanwhile.
  private @Nullable Rotation judge(
      KnownToken token,
      SessionSnapshot session,
      @Nullable UUID client,
      Presenter presenter,
      Permission.Check permission)
      throws SQLException {
    if (!token.fits(session)) {
      return refused("the token belongs to another life of this session");
    } else if (!Objects.equals(session.clientId(), client)) {
      return refused("the token was issued to another client");
    } else if (!session.isLive()) {
      return refused("the session has ended");
    } else if (session.accessTtl() == null) {
      return refused("the session has no refresh tokens");
    }
    var over = expiry.of(session);
    if (over.isPresent()) {
      endSession.handle(session.id(), over.get());
      return refused("the session's time is over");
    }
    var user = session.user();
    if (user != null && user.deactivated()) {
      return refused("the account is deactivated");
    } else if (user != null && user.locked()) {
      // Locking can be undone, and clients forget a session for good at any 4xx.
      return new Rotation.TryAgain(WHILE_LOCKED, "the account is locked");
    }
    return switch (permission.of(session)) {
      case Permission.Granted _ -> move(token, session, presenter);
      case Permission.NotNow(var reason) -> new Rotation.TryAgain(WHILE_LOCKED, reason);
      case Permission.NoLonger(var reason) -> new Rotation.Denied(reason);
    };
  }

  private @Nullable Rotation move(KnownToken token, SessionSnapshot session, Presenter presenter)
      throws SQLException {
    var now = now();
    long inUse = Math.max(session.usedGeneration(), used.pending(session.id()));
    return switch (rule.judge(session, token.generation(), inUse, presenter, now)) {
      case ROTATE -> rotate(session, token.generation(), presenter, now);
      case ADOPT -> adopt(session, token.generation(), presenter, now);
      case REPEAT -> repeat(session, presenter, now);
      case SETTLE -> settle(session, now);
      case REUSE -> end(session, token.generation(), presenter);
    };
  }

  private @Nullable Rotation rotate(
      SessionSnapshot session, long presented, Presenter presenter, Instant now)
      throws SQLException {
    var key = withdrawnKeys.minting(now);
    return key.isPresent() ? advance(session, presented, key.get(), presenter, now) : withoutKey();
  }

  private @Nullable Rotation advance(
      SessionSnapshot session, long presented, TokenKey key, Presenter presenter, Instant now)
      throws SQLException {
    var step =
        new Step(
            session.id(),
            session.generation(),
            presented + 1,
            presented,
            now,
            Math.toIntExact(config.ttl(session.kind()).toSeconds()),
            key.id(),
            presenter.ipAddress(),
            presenter.userAgent());
    if (!sessions.advance(step)) {
      return null;
    }
    return granted(after(session, step), now);
  }

  private @Nullable Rotation adopt(
      SessionSnapshot session, long presented, Presenter presenter, Instant now) {
    // Outside of the transaction: finding it may take a connection of its own.
    var key = withdrawnKeys.minting(now);
    if (key.isEmpty()) {
      return withoutKey();
    }
    var event = EngineEvents.Event.adopted(session, presented, presenter);
    var outcome =
        QuarkusTransaction.requiringNew()
            .call(
                () -> {
                  var granted = advance(session, presented, key.get(), presenter, now);
                  if (granted != null) {
                    events.record(event);
                  }
                  return granted;
                });
    if (outcome != null) {
      events.tell(event);
    }
    return outcome;
  }

  private Rotation repeat(SessionSnapshot session, Presenter presenter, Instant now)
      throws SQLException {
    if (!issuer.canSpell(session) || withdrawnKeys.has(session.tokenKey())) {
      return new Rotation.TryAgain(SOON, "the tokens are under a key that is not here");
    }
    return suspicion.arises(session, presenter, now)
        ? refused("the session was ended on a suspicion")
        : granted(session, now);
  }

  private static Rotation withoutKey() {
    return new Rotation.TryAgain(SETTLE, "every token key of this server was withdrawn");
  }

  private Rotation settle(SessionSnapshot session, Instant now) {
    var left = Duration.between(now, session.issuedAt().plus(config.settling()));
    return new Rotation.TryAgain(
        left.compareTo(SETTLE) < 0 ? left : SETTLE,
        "an old refresh token, shortly after a rotation");
  }

  private Rotation end(SessionSnapshot session, long presented, Presenter presenter) {
    endMisusedSession.handleRefreshToken(session, presented, presenter);
    return refused("an old refresh token was used again after its successor");
  }

  private Rotation granted(SessionSnapshot session, Instant now) {
    return new Rotation.Granted(issuer.issue(session, now), session.scope());
  }

  private static Rotation refused(String reason) {
    return new Rotation.Refused(reason);
  }

  private static SessionSnapshot after(SessionSnapshot session, Step step) {
    return new SessionSnapshot(
        session.id(),
        session.kind(),
        session.clientId(),
        session.user(),
        session.scope(),
        session.deviceId(),
        session.openedAt(),
        session.finishedAt(),
        session.nonce(),
        step.to(),
        Math.max(session.usedGeneration(), step.used()),
        step.issuedAt(),
        step.accessTtl(),
        step.tokenKey(),
        session.lastRotation(),
        session.age(),
        session.userinfo());
  }

  /// Tokens carry whole seconds, so rows do too: a repeat must find what was issued, to the byte.
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }
}
