package latchkey.domain.token;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import latchkey.base.database.Changes;
import latchkey.base.database.DatabaseState;
import latchkey.base.database.Remembered;
import latchkey.base.database.StaleIfError;

/// The token keys that were withdrawn by any replica, at any time. What this server's own list says
/// does not help a key that the database knows as withdrawn: whoever withdrew it may have been
/// started with a newer list.
@Singleton
public class WithdrawnKeys {
  /// Stands for the whole table where changes are told; the migration V11 spells it too.
  static final UUID ALL = new UUID(0, 1);

  private static final long BYTES = 4096;

  private record Source(TokenKeyRepository repository) implements Remembered.Source<Set<Integer>> {
    @Override
    public Optional<Set<Integer>> read(UUID id) throws SQLException {
      return Optional.of(repository.withdrawn());
    }

    @Override
    public UUID[] dependsOn(UUID id, Set<Integer> row) {
      return new UUID[] {id};
    }

    @Override
    public int weight(Set<Integer> row) {
      // One entry, which always fits.
      return 1;
    }
  }

  private final TokenKeys keys;
  private final Remembered<Set<Integer>> remembered;

  WithdrawnKeys(
      TokenKeys keys,
      TokenKeyRepository repository,
      Changes changes,
      DatabaseState database,
      StaleIfError staleIfError,
      MeterRegistry meters) {
    this.keys = keys;
    this.remembered =
        new Remembered<>(
            "token_keys", BYTES, new Source(repository), changes, database, staleIfError, meters);
  }

  /// Whether the tokens under a key are dead for good.
  ///
  /// @throws SQLException if that cannot be known now
  boolean has(int key) throws SQLException {
    return known()
        .orElseThrow(() -> new SQLException("the database cannot tell which keys are withdrawn"))
        .contains(key);
  }

  /// Whether the tokens under a key are good, as far as that can be told without asking the
  /// database.
  boolean isKnownNotToHave(int key) {
    return remembered.recall(ALL).orElse(null)
            instanceof Remembered.Answer.Known<Set<Integer>>(var ids)
        && !ids.contains(key);
  }

  /// The key that makes new tokens at `now`; empty if every key of this server was withdrawn. What
  /// cannot be known now is settled by the statement that writes the key's id down.
  public Optional<TokenKey> minting(Instant now) {
    return keys.minting(now, known().orElse(Set.of()));
  }

  private Optional<Set<Integer>> known() {
    return remembered.find(ALL) instanceof Remembered.Answer.Known<Set<Integer>>(var ids)
        ? Optional.of(ids)
        : Optional.empty();
  }
}
