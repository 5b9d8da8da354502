package latchkey.domain.session;

import jakarta.inject.Singleton;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.Transactional;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import latchkey.base.database.Changes;
import latchkey.domain.session.OAuthSessionRepository.Ended;
import latchkey.domain.user.UserTurnRepository;

/// Ends an OAuth or compat session: its tokens stop working here at once, and its device goes from
/// the homeserver by a job of the same transaction. Ending one that has ended is no error.
@Singleton
public class EndSession {
  private final OAuthSessionRepository sessions;
  private final ApprovalRepository approvals;
  private final UserTurnRepository turns;
  private final Changes changes;
  private final ReleaseDevice releaseDevice;
  private final TransactionSynchronizationRegistry transactions;
  private final Clock clock;

  EndSession(
      OAuthSessionRepository sessions,
      ApprovalRepository approvals,
      UserTurnRepository turns,
      Changes changes,
      ReleaseDevice releaseDevice,
      TransactionSynchronizationRegistry transactions,
      Clock clock) {
    this.sessions = sessions;
    this.approvals = approvals;
    this.turns = turns;
    this.changes = changes;
    this.releaseDevice = releaseDevice;
    this.transactions = transactions;
    this.clock = clock;
  }

  /// True if it was live until now.
  @Transactional
  public boolean handle(UUID session, FinishReason reason) {
    var ended = sessions.finish(session, reason.text(), clock.instant());
    ended.ifPresent(one -> follow(one, reason));
    return ended.isPresent();
  }

  /// The same for many at once, for one reason; answers how many were live until now.
  @Transactional
  public int handleAll(Collection<UUID> ids, FinishReason reason) {
    var ended = sessions.finishAll(ids, reason.text(), clock.instant());
    ended.forEach(session -> follow(session, reason));
    return ended.size();
  }

  /// Ends those of these sessions that are the user's; answers how many were live until now.
  @Transactional
  public int handleOwn(UUID user, Collection<UUID> ids, FinishReason reason) throws SQLException {
    turns.take(user);
    var ended =
        ids.isEmpty()
            ? List.<Ended>of()
            : sessions.finishOwn(user, ids, reason.text(), clock.instant());
    ended.forEach(session -> follow(session, reason));
    return ended.size();
  }

  /// Ends every OAuth and compat session of a user, and those that are opening; answers how many.
  @Transactional
  public int handleEvery(UUID user, FinishReason reason) throws SQLException {
    turns.take(user);
    var ended = sessions.finishEvery(user, reason.text(), clock.instant());
    ended.forEach(session -> follow(session, reason));
    return ended.size();
  }

  /// Ends what was opened with an app password, and what is opening; answers how many.
  @Transactional
  public int handleAppPassword(UUID appPassword, FinishReason reason) {
    var ended = sessions.finishOfAppPassword(appPassword, reason.text(), clock.instant());
    ended.forEach(this::follow);
    return ended.size();
  }

  /// Ends some of what was opened with app passwords that have expired; answers how many.
  @Transactional(Transactional.TxType.MANDATORY)
  int handleExpiredAppPasswords(int limit) {
    var ended = sessions.finishOfExpiredAppPasswords(limit, clock.instant());
    ended.forEach(this::follow);
    return ended.size();
  }

  /// Ends what was begun in some browser sessions of a user, and what is opening; answers how many.
  @Transactional
  public int handleOfBrowsers(UUID user, Collection<UUID> browserSessions, FinishReason reason)
      throws SQLException {
    turns.take(user);
    var ended =
        browserSessions.isEmpty()
            ? List.<Ended>of()
            : sessions.finishOfBrowsers(user, browserSessions, reason.text(), clock.instant());
    ended.forEach(session -> follow(session, reason));
    return ended.size();
  }

  /// Ends every compat session of a user; answers how many there were.
  @Transactional
  public int handleCompat(UUID user, FinishReason reason) throws SQLException {
    turns.take(user);
    var ended = sessions.finishCompat(user, reason.text(), clock.instant());
    ended.forEach(this::follow);
    return ended.size();
  }

  /// Ends what still holds a device that `successor` is about to take over. The device itself
  /// stays.
  @Transactional(Transactional.TxType.MANDATORY)
  public void handleOthersOnDevice(UUID successor, UUID user, String device) throws SQLException {
    sessions
        .finishOthersOnDevice(successor, user, device, clock.instant())
        .forEach(ended -> afterCommit(ended.id()));
  }

  /// Ends some of the sessions that began to open before then and never did; answers how many.
  @Transactional(Transactional.TxType.MANDATORY)
  int handleUnopened(Instant begunBefore, int limit) {
    var ended = sessions.finishUnopened(begunBefore, limit, clock.instant());
    ended.forEach(this::follow);
    return ended.size();
  }

  private void follow(Ended ended, FinishReason reason) {
    follow(ended);
    if (reason.withdrawsApproval()) {
      approvals.withdraw(ended.id());
    }
  }

  private void follow(Ended ended) {
    afterCommit(ended.id());
    if (ended.userId() != null && ended.deviceId() != null) {
      releaseDevice.handle(ended.userId(), ended.deviceId());
    }
  }

  private void afterCommit(UUID session) {
    transactions.registerInterposedSynchronization(
        new Synchronization() {
          @Override
          public void beforeCompletion() {}

          @Override
          public void afterCompletion(int status) {
            changes.changed(session);
          }
        });
  }
}
