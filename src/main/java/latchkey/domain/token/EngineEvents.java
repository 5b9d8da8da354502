package latchkey.domain.token;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import latchkey.domain.audit.AuditEventRepository;
import latchkey.domain.notice.Incident;
import latchkey.domain.notice.TellUser;
import latchkey.domain.session.SessionSnapshot;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// What the token engine noticed: an audit event in the transaction of what was done about it, then
/// a metric and a log line once that is committed.
@Singleton
class EngineEvents {
  private static final Logger LOG = Logger.getLogger("latchkey.token.engine");

  /// @param presented the generation of the refresh token that was presented; null if it was a code
  record Event(
      String kind, SessionSnapshot session, @Nullable Long presented, Presenter presenter) {

    /// A genuine token was newer than the row: the database has forgotten a rotation.
    static Event adopted(SessionSnapshot session, long presented, Presenter presenter) {
      return new Event("lost_rotation_adopted", session, presented, presenter);
    }

    /// Somebody in another place keeps asking for the same tokens.
    static Event suspected(SessionSnapshot session, Presenter presenter) {
      return new Event("refresh_suspicion", session, session.generation() - 1, presenter);
    }
  }

  private final AuditEventRepository audit;
  private final TellUser tellUser;
  private final MeterRegistry meters;

  EngineEvents(AuditEventRepository audit, TellUser tellUser, MeterRegistry meters) {
    this.audit = audit;
    this.tellUser = tellUser;
    this.meters = meters;
  }

  /// Stores the event, and has its user told, in the caller's transaction.
  void record(Event event) throws SQLException {
    var session = event.session();
    var user = session.user();
    var id =
        audit.append(
            event.kind(),
            user == null ? null : user.id(),
            session.clientId(),
            session.id(),
            details(event));
    if (user != null && Incident.Kind.parse(event.kind()).isPresent()) {
      tellUser.handle(id);
    }
  }

  /// Tells the admin, after the commit.
  void tell(Event event) {
    var session = event.session();
    meters.counter("latchkey.token.events", "kind", event.kind()).increment();
    LOG.warnf(
        "%s session=%s client=%s device=%s generation=%d presented=%s client.address=%s"
            + " rotated.address=%s",
        event.kind(),
        session.id(),
        session.clientId(),
        session.deviceId(),
        session.generation(),
        event.presented() == null ? "code" : event.presented(),
        event.presenter().ipAddress(),
        session.lastRotation().ipAddress());
  }

  private static JsonObject details(Event event) {
    var session = event.session();
    return new JsonObject()
        .put("device_id", session.deviceId())
        .put("generation", session.generation())
        .put("presented_generation", event.presented())
        .put("ip_address", event.presenter().ipAddress())
        .put("user_agent", event.presenter().userAgent())
        .put("rotated_ip_address", session.lastRotation().ipAddress())
        .put("rotated_user_agent", session.lastRotation().userAgent());
  }
}
