package latchkey.domain.lifecycle;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.sql.SQLException;
import java.time.Clock;
import java.util.UUID;
import latchkey.domain.audit.AuditEventRepository;
import latchkey.domain.upstream.UpstreamLinkRepository;
import latchkey.domain.upstream.UpstreamLinkView;
import org.jspecify.annotations.Nullable;

/// Takes a link from its user, with what it gave them and what they began through it. For whoever
/// has decided that it may go, and has the turn of the user.
@Singleton
class TakeLinkAway {
  private final UpstreamLinkRepository links;
  private final FollowUpstreamRepository accounts;
  private final EndUpstreamSessions endUpstreamSessions;
  private final AuditEventRepository audit;
  private final Clock clock;

  TakeLinkAway(
      UpstreamLinkRepository links,
      FollowUpstreamRepository accounts,
      EndUpstreamSessions endUpstreamSessions,
      AuditEventRepository audit,
      Clock clock) {
    this.links = links;
    this.accounts = accounts;
    this.endUpstreamSessions = endUpstreamSessions;
    this.audit = audit;
    this.clock = clock;
  }

  /// False if it is not theirs.
  ///
  /// @param spared a browser session that goes on; null for none
  /// @param by who wants it so, for an admin
  @Transactional(TxType.MANDATORY)
  boolean handle(UpstreamLinkView link, UUID user, @Nullable UUID spared, String by)
      throws SQLException {
    boolean wasAdmin = accounts.withdrawAdmin(link.id());
    var ended = endUpstreamSessions.handleUnlinked(link.id(), user, spared);
    if (!links.detach(link.id(), user, clock.instant())) {
      return false;
    }
    if (wasAdmin) {
      audit.append("admin_withdrawn", user, null, null, ProviderEvents.details(link));
    }
    audit.append(
        "upstream_unlinked",
        user,
        null,
        null,
        ended.into(ProviderEvents.details(link).put("by", by)));
    return true;
  }
}
