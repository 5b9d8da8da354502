package latchkey.domain.lifecycle;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import latchkey.domain.lifecycle.EndUpstreamSessions.Reach;
import latchkey.domain.session.FinishReason;
import latchkey.domain.upstream.LogoutNotice;
import latchkey.domain.upstream.ProviderConfig;
import latchkey.domain.upstream.ProviderConfig.OnBackchannelLogout;
import latchkey.domain.upstream.UpstreamLeavingRepository;
import latchkey.domain.upstream.UpstreamLeavingRepository.Consumed;

/// A provider said that somebody signed out there: ends here what `on_backchannel_logout` says
/// (`pages.md` 5.7). One transaction a user.
@Singleton
public class LogOutUpstream {
  private static final int ATTEMPTS = 3;
  private static final String WORDS = "signed out at the provider";

  private final UpstreamLeavingRepository leaving;
  private final UpstreamReachRepository reach;
  private final EndUpstreamSessions endUpstreamSessions;
  private final Clock clock;

  LogOutUpstream(
      UpstreamLeavingRepository leaving,
      UpstreamReachRepository reach,
      EndUpstreamSessions endUpstreamSessions,
      Clock clock) {
    this.leaving = leaving;
    this.reach = reach;
    this.endUpstreamSessions = endUpstreamSessions;
    this.clock = clock;
  }

  /// Answers how many sessions ended.
  public int handle(ProviderConfig provider, LogoutNotice notice) throws SQLException {
    var what = provider.onBackchannelLogout();
    if (what == OnBackchannelLogout.DO_NOTHING) {
      return 0;
    }
    var trips = QuarkusTransaction.requiringNew().call(() -> trips(provider.id(), notice));
    var browsers = new LinkedHashMap<UUID, Set<UUID>>();
    for (var trip : trips) {
      if (trip.userId() != null && trip.browserSessionId() != null) {
        browsers
            .computeIfAbsent(trip.userId(), _ -> new LinkedHashSet<>())
            .add(trip.browserSessionId());
      }
    }
    int ended = 0;
    for (var user : browsers.entrySet()) {
      ended +=
          end(
              new EndUpstreamSessions.Order(
                  provider,
                  user.getKey(),
                  user.getValue(),
                  what == OnBackchannelLogout.LOGOUT_BROWSER_ONLY ? Reach.BROWSERS : Reach.SESSIONS,
                  FinishReason.UPSTREAM_LOGOUT,
                  WORDS));
    }
    return ended;
  }

  /// Not every provider says it again: somebody else who changes the account just now is waited
  /// for.
  private int end(EndUpstreamSessions.Order order) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        return endUpstreamSessions.handle(order);
      } catch (SQLException | RuntimeException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /// One session there if it is named; it does not matter where a later one has taken its place.
  /// Else all of the person. What is still under way leads nowhere from now on.
  private List<Consumed> trips(UUID provider, LogoutNotice notice) {
    leaving.stopUnderWay(
        provider, notice.sid().orElse(null), notice.subject().orElse(null), clock.instant());
    if (notice.sid().isPresent()) {
      var trips = leaving.bySid(provider, notice.sid().get());
      var current = reach.current(trips.stream().map(Consumed::id).toList());
      return trips.stream().filter(trip -> current.contains(trip.id())).toList();
    }
    return notice.subject().map(subject -> leaving.bySubject(provider, subject)).orElse(List.of());
  }
}
