package latchkey.domain.session;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import latchkey.base.oauth.Scope;

/// What users have allowed which clients on the consent page. A yes counts for a while only, so
/// that one long forgotten does not answer for its user; and it is taken back when its user, an
/// admin or an alarm ends a session of the client.
@Singleton
public class Approvals {
  public static final Duration LIFETIME = Duration.ofDays(90);

  private final ApprovalRepository approvals;

  Approvals(ApprovalRepository approvals) {
    this.approvals = approvals;
  }

  @Transactional
  public void record(UUID user, UUID client, Scope scope, Instant now) {
    approvals.record(user, client, scope, now.minus(LIFETIME), now);
  }

  /// Whether one yes covers all of the scope: two smaller ones were never a yes to both together.
  @Transactional
  public boolean covers(UUID user, UUID client, Scope scope, Instant now) {
    return approvals.covers(user, client, scope, now.minus(LIFETIME));
  }
}
