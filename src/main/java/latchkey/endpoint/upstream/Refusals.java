package latchkey.endpoint.upstream;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.UUID;
import latchkey.base.error.DomainProblem;
import latchkey.base.error.DomainProblem.Reason;
import latchkey.base.language.Message;
import latchkey.base.limit.RateLimiter;
import latchkey.base.system.Ids;
import latchkey.base.web.TripCookie;
import latchkey.domain.audit.AuditEventRepository;
import latchkey.domain.lifecycle.ProviderEvents;
import latchkey.domain.upstream.ProviderConfig;
import latchkey.domain.upstream.Providers;
import latchkey.domain.upstream.UpstreamLinkView;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// What somebody who cannot come in is told, and what an admin can see of it afterwards: a line in
/// the log, and the audit event `upstream_refused`. Neither holds a claim; the link that both name
/// says who it was.
@Singleton
class Refusals {
  private static final Logger LOG = Logger.getLogger(Refusals.class);

  private static final String TOLD = "upstream refusal";

  private final AuditEventRepository audit;
  private final RateLimiter memory;

  Refusals(AuditEventRepository audit, RateLimiter memory) {
    this.audit = audit;
    this.memory = memory;
  }

  /// Once for a trip and reason, however often its page is loaded. Not within a transaction.
  ///
  /// @param link null if nobody got so far that it is known who they are
  /// @param reason for an admin, without claims
  void record(ProviderConfig provider, UUID trip, @Nullable UpstreamLinkView link, String reason)
      throws SQLException {
    if (memory.remembers(TOLD, Ids.text(trip), reason)) {
      return;
    }
    memory.remember(TOLD, TripCookie.LIFE, Ids.text(trip), reason);
    LOG.warnf(
        "a sign-in through %s was refused (link %s): %s",
        Providers.nameOf(provider), link == null ? "unknown" : Ids.text(link.id()), reason);
    var details = ProviderEvents.details(provider).put("reason", reason);
    if (link != null) {
      details.put("link_id", Ids.text(link.id()));
    }
    audit.append("upstream_refused", link == null ? null : link.userId(), null, null, details);
  }

  static DomainProblem noProvider() {
    return DomainProblem.of(
        Reason.NOT_FOUND,
        "no such provider, or it is disabled",
        Message.of("latchkey.upstream.no_provider"));
  }

  /// The same for what was never begun, not in this browser, too long ago, or is done.
  static DomainProblem over(String description) {
    return DomainProblem.of(Reason.INVALID, description, Message.of("latchkey.upstream.over"));
  }
}
