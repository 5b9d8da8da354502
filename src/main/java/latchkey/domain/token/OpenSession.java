package latchkey.domain.token;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.narayana.jta.QuarkusTransactionException;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import latchkey.base.database.SqlTrouble;
import latchkey.base.error.DomainProblem;
import latchkey.base.system.Ids;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.homeserver.HomeserverProblem;
import latchkey.domain.session.EndSession;
import latchkey.domain.session.ReleaseDevice;
import latchkey.domain.session.SessionSnapshot;
import latchkey.domain.session.SessionTokensRepository;
import latchkey.domain.user.UserLease;
import latchkey.domain.user.UserTurnRepository;
import org.jspecify.annotations.Nullable;

/// Opens a session in two short transactions around the call that makes its device known to the
/// homeserver: no token works before that. The first writes the session down, the second opens it
/// and ends whatever held the device. No connection is held during the call. What may pass is a
/// refusal that says when to come back.
@Singleton
public class OpenSession {
  private static final Duration LEASE_PATIENCE = Duration.ofSeconds(2);
  private static final Duration COME_BACK = Duration.ofSeconds(2);
  private static final int ATTEMPTS = 5;

  /// Whose session it is to be, and on which device.
  ///
  /// @param device null for a session without one
  /// @param deviceName what the homeserver is to call it; null to leave that as it is
  public record Holder(
      UUID user, String username, @Nullable String device, @Nullable String deviceName) {}

  /// When a session's first tokens are issued, and under which key.
  ///
  /// @param now in whole seconds, as tokens carry them
  public record Minting(Instant now, int tokenKey) {}

  /// The session's row, and what it is given for.
  public interface Row {
    /// Writes the session down without opening it; answers its id.
    ///
    /// @param id for a new one
    UUID begin(UUID id, Minting minting) throws SQLException;

    /// Uses up what it is given for, in the caller's transaction and before any session is touched,
    /// or refuses with a problem.
    default void prepare(UUID session, Minting minting) throws SQLException {}

    /// Opens it, in the same transaction, or refuses with a problem. False if it has ended
    /// meanwhile, or what it is given for is gone.
    boolean open(UUID session, Minting minting) throws SQLException;

    /// It will not be opened.
    void giveUp(UUID session);
  }

  private final SessionTokensRepository sessions;
  private final EndSession endSession;
  private final ReleaseDevice releaseDevice;
  private final Homeserver homeserver;
  private final UserLease leases;
  private final UserTurnRepository turns;
  private final WithdrawnKeys withdrawnKeys;
  private final Clock clock;
  private final Ids ids;

  OpenSession(
      SessionTokensRepository sessions,
      EndSession endSession,
      ReleaseDevice releaseDevice,
      Homeserver homeserver,
      UserLease leases,
      UserTurnRepository turns,
      WithdrawnKeys withdrawnKeys,
      Clock clock,
      Ids ids) {
    this.sessions = sessions;
    this.endSession = endSession;
    this.releaseDevice = releaseDevice;
    this.homeserver = homeserver;
    this.leases = leases;
    this.turns = turns;
    this.withdrawnKeys = withdrawnKeys;
    this.clock = clock;
    this.ids = ids;
  }

  /// The open session, as of the moment it was opened.
  public SessionSnapshot handle(Holder holder, Row row) throws SQLException {
    var session = row.begin(ids.next(clock.instant()), minting());
    boolean opened = false;
    try {
      announceDevice(holder);
      open(holder, session, row);
      opened = true;
    } finally {
      if (!opened) {
        row.giveUp(session);
      }
    }
    return sessions.find(session).orElseThrow();
  }

  private void announceDevice(Holder holder) throws SQLException {
    var device = holder.device();
    if (device == null) {
      return;
    }
    try {
      leases.holding(
          holder.user(),
          LEASE_PATIENCE,
          () -> homeserver.upsertDevice(holder.username(), device, holder.deviceName()));
    } catch (UserLease.Busy e) {
      throw comeBack(String.valueOf(e.getMessage()), null);
    } catch (HomeserverProblem e) {
      throw comeBack(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw comeBack("interrupted: the server stops", e);
    }
  }

  /// Somebody else may open a session on the same device at this moment. Whoever comes second finds
  /// that out by the unique index, and in a second run takes the device over.
  private void open(Holder holder, UUID session, Row row) {
    // Outside of the transaction: finding the key may take a connection of its own.
    var minting = minting();
    for (int attempt = 1; ; attempt++) {
      try {
        QuarkusTransaction.requiringNew()
            .call(
                () -> {
                  takeOver(holder, session, row, minting);
                  return null;
                });
        return;
      } catch (Superseded e) {
        // If the session was ended long ago, what removes its device has run already.
        if (holder.device() != null) {
          releaseDevice.handle(holder.user(), holder.device());
        }
        throw comeBack(String.valueOf(e.getMessage()), null);
      } catch (QuarkusTransactionException e) {
        boolean raced = SqlTrouble.in(e).filter(SqlTrouble::isUniqueViolation).isPresent();
        if (!raced || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private void takeOver(Holder holder, UUID session, Row row, Minting minting) throws SQLException {
    turns.take(holder.user());
    row.prepare(session, minting);
    if (holder.device() != null) {
      endSession.handleOthersOnDevice(session, holder.user(), holder.device());
    }
    if (!row.open(session, minting)) {
      throw new Superseded();
    }
  }

  /// Rolls the transaction back.
  private static final class Superseded extends RuntimeException {
    Superseded() {
      super("the session ended before it was open, or what it was given for is gone");
    }
  }

  private Minting minting() {
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    return withdrawnKeys
        .minting(now)
        .map(key -> new Minting(now, key.id()))
        .orElseThrow(() -> comeBack("every token key of this server was withdrawn", null));
  }

  private static DomainProblem comeBack(String detail, @Nullable Throwable cause) {
    return DomainProblem.unavailable(COME_BACK, "Please try again in a moment.", detail, cause);
  }
}
