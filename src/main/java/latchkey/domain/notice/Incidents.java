package latchkey.domain.notice;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Finds what a user has to be told or asked, and notes what they have seen.
@Singleton
public class Incidents {
  private static final int AT_ONCE = 20;

  private final IncidentRepository incidents;
  private final Clock clock;

  Incidents(IncidentRepository incidents, Clock clock) {
    this.incidents = incidents;
    this.clock = clock;
  }

  /// What the user has not seen, newest first; of very much the newest.
  public List<Incident> unseen(UUID user) {
    try {
      return incidents.unseen(user, AT_ONCE);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public boolean isAnyUnseen(UUID user) {
    try {
      return !incidents.unseen(user, 1).isEmpty();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// One that is this user's, seen or not.
  public Optional<Incident> find(UUID id, UUID user) {
    try {
      return incidents.find(id).filter(incident -> incident.user().equals(user));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The user has seen these; more than are shown at once they have not. A question is not answered
  /// by having been seen.
  @Transactional
  public void acknowledge(UUID user, Collection<UUID> ids) throws SQLException {
    var shown = ids.stream().distinct().limit(AT_ONCE).toList();
    incidents.acknowledge(user, shown, clock.instant());
  }
}
