package latchkey.domain.token;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Set;
import org.jboss.logging.Logger;

/// Holds the configured token keys against what the database remembers, before any token is made or
/// judged.
@Singleton
public class TokenKeyRegistry {
  private static final Logger LOG = Logger.getLogger(TokenKeyRegistry.class);

  /// The keys do not fit the sessions in the database; in words for the admin.
  public static final class WrongKeys extends Exception {
    WrongKeys(String message) {
      super(message);
    }
  }

  private final TokenKeys keys;
  private final TokenKeyRepository repository;
  private final Clock clock;

  TokenKeyRegistry(TokenKeys keys, TokenKeyRepository repository, Clock clock) {
    this.keys = keys;
    this.repository = repository;
    this.clock = clock;
  }

  /// Refuses what [#reconcile()] would refuse, and changes nothing: to be asked before a schema is
  /// brought up to date, so that a start that is refused leaves everything as it was.
  public void requireFitting() throws SQLException, WrongKeys {
    if (!repository.isThere()) {
      return;
    }
    for (var key : keys.all()) {
      var known = repository.find(key.id());
      if (known.isPresent() && !known.get().is(key)) {
        throw isAnother(key);
      }
    }
    var withdrawn = repository.withdrawn();
    requireMinting(withdrawn);
    for (var use : repository.keysInUse()) {
      if (keys.find(use.key()).isEmpty() && !withdrawn.contains(use.key())) {
        throw isMissing(use);
      }
    }
  }

  /// Registers new keys, refuses a key that is not the one the database knows by its id, refuses to
  /// start without a key that live sessions lean on, and ends the sessions of withdrawn keys,
  /// saying how many first. A key that was withdrawn once stays so, whatever this list says: it may
  /// be an old one.
  public void reconcile() throws SQLException, WrongKeys {
    boolean isFirst = repository.isEmpty();
    var now = clock.instant();
    for (var key : keys.all()) {
      var known = repository.register(key, now);
      if (!known.is(key)) {
        throw isAnother(key);
      }
      boolean mints = keys.minting(now, repository.withdrawn()).filter(key::equals).isPresent();
      if (known.added() && !isFirst && mints) {
        LOG.warnf(
            "token key %d is new and mints from now on: servers that do not have it yet answer 503"
                + " for its tokens; give a new key a mint_from by which all of them are restarted",
            key.id());
      }
    }
    var withdrawn = repository.withdrawn();
    requireMinting(withdrawn);
    tellOfWithdrawn(withdrawn);
    for (var use : repository.keysInUse()) {
      judge(use, withdrawn);
    }
  }

  /// Withdraws once more what this list withdraws and the database takes for good: a failover or a
  /// backup has lost that.
  void withdrawAgain() throws SQLException {
    for (var key : keys.all()) {
      if (key.withdrawn() && repository.withdrawAgain(key, clock.instant())) {
        LOG.warnf(
            "token key %d is withdrawn by this server's list, and the database had lost that:"
                + " the live sessions that lean on it end now",
            key.id());
        repository.endSessions(key.id(), clock.instant());
      }
    }
  }

  private void requireMinting(Set<Integer> withdrawn) throws WrongKeys {
    if (keys.minting(clock.instant(), withdrawn).isEmpty()) {
      throw new WrongKeys(
          "every token key of this server was withdrawn, which is for good: latchkey.token_keys needs"
              + " another one, with a new id");
    }
  }

  private void tellOfWithdrawn(Set<Integer> withdrawn) {
    for (var key : keys.all()) {
      if (!key.withdrawn() && withdrawn.contains(key.id())) {
        LOG.warnf(
            "token key %d was withdrawn by another server or an earlier start, and that is for good;"
                + " latchkey.token_keys lists it as if it were not",
            key.id());
      }
    }
  }

  private void judge(TokenKeyRepository.Use use, Set<Integer> withdrawn)
      throws SQLException, WrongKeys {
    if (withdrawn.contains(use.key())) {
      LOG.warnf("token key %d is withdrawn: %d live sessions end now", use.key(), use.sessions());
      repository.endSessions(use.key(), clock.instant());
    } else if (keys.find(use.key()).isEmpty()) {
      throw isMissing(use);
    }
  }

  private static WrongKeys isAnother(TokenKey key) {
    return new WrongKeys(
        "token key "
            + key.id()
            + " is not the one this database knows by that id; a new key needs a new id"
            + " (and a new secrets.encryption needs latchkey.token_keys)");
  }

  private static WrongKeys isMissing(TokenKeyRepository.Use use) {
    return new WrongKeys(
        use.sessions()
            + " live sessions lean on token key "
            + use.key()
            + ", which latchkey.token_keys does not have; add it, or list it as withdrawn to end"
            + " them");
  }
}
