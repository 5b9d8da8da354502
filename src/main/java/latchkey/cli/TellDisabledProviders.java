package latchkey.cli;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import latchkey.base.system.Ids;
import latchkey.domain.lifecycle.ProviderSyncRepository.Act;
import latchkey.domain.lifecycle.ProviderSyncRepository.Change;
import latchkey.domain.upstream.RestingRightsRepository;
import org.jboss.logging.Logger;

/// Says what becomes of what a provider gave people when it is disabled, or left the configuration:
/// whoever did that may not have thought of it.
@Singleton
class TellDisabledProviders {
  private static final Logger LOG = Logger.getLogger("latchkey");

  private final RestingRightsRepository rights;

  TellDisabledProviders(RestingRightsRepository rights) {
    this.rights = rights;
  }

  /// In the log, of what a synchronisation disabled or found disabled.
  void handle(List<Change> changes) throws SQLException {
    lines(changes).forEach(LOG::warn);
  }

  List<String> lines(List<Change> changes) throws SQLException {
    return rights.of(disabled(changes)).stream()
        .flatMap(
            one ->
                one.lines().stream()
                    .map(line -> "provider " + Ids.text(one.provider()) + ": " + line))
        .toList();
  }

  private static List<UUID> disabled(List<Change> changes) {
    return changes.stream()
        .filter(change -> change.act() == Act.DISABLED)
        .map(Change::provider)
        .toList();
  }
}
