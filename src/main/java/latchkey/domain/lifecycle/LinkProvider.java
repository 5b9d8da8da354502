package latchkey.domain.lifecycle;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.sql.SQLException;
import java.time.Clock;
import java.util.UUID;
import latchkey.domain.audit.AuditEventRepository;
import latchkey.domain.upstream.ClaimsImports.OnConflict;
import latchkey.domain.upstream.UpstreamLinkRepository;
import latchkey.domain.upstream.UpstreamLinkView;
import latchkey.domain.upstream.UpstreamRules;
import latchkey.domain.upstream.UpstreamSessionRepository;
import latchkey.domain.user.UserTurnRepository;

/// Ties an account elsewhere to one that is there: because its owner says so, or because the admin
/// wants it so for a name that a provider vouches for (`pages.md` 5.5).
@Singleton
public class LinkProvider {
  private final UserTurnRepository turns;
  private final UpstreamLinkRepository links;
  private final UpstreamSessionRepository trips;
  private final UpstreamRules rules;
  private final TakeLinkAway takeLinkAway;
  private final AuditEventRepository audit;
  private final Clock clock;

  LinkProvider(
      UserTurnRepository turns,
      UpstreamLinkRepository links,
      UpstreamSessionRepository trips,
      UpstreamRules rules,
      TakeLinkAway takeLinkAway,
      AuditEventRepository audit,
      Clock clock) {
    this.turns = turns;
    this.links = links;
    this.trips = trips;
    this.rules = rules;
    this.takeLinkAway = takeLinkAway;
    this.audit = audit;
    this.clock = clock;
  }

  /// At the wish of its owner, by the trip they came back from. False if the link is somebody's, or
  /// the trip is over: then nothing is linked.
  @Transactional
  public boolean handle(UUID trip, UpstreamLinkView link, UUID user) throws SQLException {
    turns.take(user);
    var now = clock.instant();
    var revalidateAt = rules.revalidateAfter(now);
    if (!trips.consumeByLinking(trip, revalidateAt, now) || !links.attach(link.id(), user)) {
      return false;
    }
    audit.append(
        "upstream_linked", user, null, null, ProviderEvents.details(link).put("by", "user"));
    return true;
  }

  /// Because the name is that of the user. False if the rule does not allow it, or the link is
  /// somebody's.
  @Transactional
  public boolean handleByName(UpstreamLinkView link, UUID user, OnConflict rule)
      throws SQLException {
    turns.take(user);
    var same =
        links.ofUser(user).stream()
            .filter(other -> other.providerId().equals(link.providerId()))
            .toList();
    switch (rule) {
      case FAIL -> {
        return false;
      }
      case SET -> {
        if (!same.isEmpty()) {
          return false;
        }
      }
      case REPLACE -> {
        for (var other : same) {
          takeLinkAway.handle(other, user, null, "localpart.on_conflict");
        }
      }
      case ADD -> {}
    }
    if (!links.attach(link.id(), user)) {
      return false;
    }
    audit.append(
        "upstream_linked",
        user,
        null,
        null,
        ProviderEvents.details(link).put("by", "localpart.on_conflict"));
    return true;
  }
}
