package latchkey.domain.lifecycle;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.sql.SQLException;
import java.util.UUID;
import latchkey.domain.upstream.UpstreamLinkRepository;
import latchkey.domain.user.UserTurnRepository;

/// Lets an account elsewhere go, at the wish of its owner, unless there is no other way for them to
/// sign in. What was begun through it ends, so that nobody stays whom the provider would have sent
/// away.
@Singleton
public class UnlinkProvider {
  /// What became of it.
  public enum Outcome {
    UNLINKED,
    /// There is no other way to sign in.
    LAST,
    /// It is not theirs.
    NOTHING
  }

  private final UserTurnRepository turns;
  private final UpstreamLinkRepository links;
  private final OtherWays otherWays;
  private final TakeLinkAway takeLinkAway;

  UnlinkProvider(
      UserTurnRepository turns,
      UpstreamLinkRepository links,
      OtherWays otherWays,
      TakeLinkAway takeLinkAway) {
    this.turns = turns;
    this.links = links;
    this.otherWays = otherWays;
    this.takeLinkAway = takeLinkAway;
  }

  /// @param here the browser session they sit at, which goes on
  @Transactional
  public Outcome handle(UUID link, UUID user, UUID here) throws SQLException {
    // Of two that are taken at once the second would be the last.
    turns.take(user);
    var found = links.find(link).filter(own -> user.equals(own.userId()));
    if (found.isEmpty()) {
      return Outcome.NOTHING;
    }
    if (!otherWays.exist(link, user)) {
      return Outcome.LAST;
    }
    return takeLinkAway.handle(found.get(), user, here, "user")
        ? Outcome.UNLINKED
        : Outcome.NOTHING;
  }
}
