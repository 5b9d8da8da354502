package latchkey.domain.lifecycle;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.sql.SQLException;
import java.time.Clock;
import java.util.UUID;
import latchkey.domain.audit.AuditEventRepository;
import latchkey.domain.upstream.Providers;
import latchkey.domain.upstream.UpstreamLinkRepository;
import latchkey.domain.user.PasswordsConfig;
import latchkey.domain.user.UserTurnRepository;
import latchkey.domain.user.Users;

/// Lets an account elsewhere go, at the wish of its owner, unless there is no other way for them to
/// sign in.
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
  private final Providers providers;
  private final Users users;
  private final PasswordsConfig passwords;
  private final AuditEventRepository audit;
  private final Clock clock;

  UnlinkProvider(
      UserTurnRepository turns,
      UpstreamLinkRepository links,
      Providers providers,
      Users users,
      PasswordsConfig passwords,
      AuditEventRepository audit,
      Clock clock) {
    this.turns = turns;
    this.links = links;
    this.providers = providers;
    this.users = users;
    this.passwords = passwords;
    this.audit = audit;
    this.clock = clock;
  }

  @Transactional
  public Outcome handle(UUID link, UUID user) throws SQLException {
    // Of two that are taken at once the second would be the last.
    turns.take(user);
    var found = links.find(link).filter(own -> user.equals(own.userId()));
    if (found.isEmpty()) {
      return Outcome.NOTHING;
    }
    if (isLast(link, user)) {
      return Outcome.LAST;
    }
    if (!links.detach(link, user, clock.instant())) {
      return Outcome.NOTHING;
    }
    audit.append(
        "upstream_unlinked",
        user,
        null,
        null,
        ProviderEvents.details(found.get()).put("by", "user"));
    return Outcome.UNLINKED;
  }

  /// Whether nobody could sign in as this user without it: by password, or through another provider
  /// that there is now.
  @Transactional
  public boolean isLast(UUID link, UUID user) {
    boolean byPassword = passwords.enabled() && users.hasPassword(user);
    return !byPassword
        && links.ofUser(user).stream()
            .filter(other -> !other.id().equals(link))
            .noneMatch(other -> providers.find(other.providerId()).isPresent());
  }
}
