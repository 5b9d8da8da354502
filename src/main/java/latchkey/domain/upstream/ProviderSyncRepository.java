package latchkey.domain.upstream;

import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/// Brings the providers of the configuration into the table `upstream_providers`, all in one
/// transaction and one process at a time (`configuration.md` 21).
public final class ProviderSyncRepository {
  /// What becomes of a provider.
  public enum Act {
    ADDED,
    UPDATED,
    UNCHANGED,
    /// Not in the configuration, or disabled there: nobody signs in through it, links stay.
    DISABLED,
    DELETED
  }

  /// @param people how many have a link that goes with the provider, or rests with it
  public record Change(UUID provider, Act act, int people) {}

  private final DataSource database;
  private final Clock clock;

  public ProviderSyncRepository(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// @param prune whether providers that are not in the configuration are deleted, with their links
  /// @param dryRun do it all and take it back, only to tell
  public List<Change> sync(List<ProviderConfig> configured, boolean prune, boolean dryRun)
      throws SQLException {
    throw new UnsupportedOperationException();
  }
}
