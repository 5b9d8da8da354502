package latchkey.domain.lifecycle;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.sql.SQLException;
import java.time.Clock;
import java.util.UUID;
import latchkey.base.job.Jobs;
import latchkey.base.system.Ids;
import latchkey.domain.audit.AuditEventRepository;
import latchkey.domain.upstream.UpstreamLinkRepository;
import latchkey.domain.upstream.UpstreamLinkView;
import latchkey.domain.user.NewAccountRepository;
import latchkey.domain.user.UserJobs;
import org.jspecify.annotations.Nullable;

/// Makes the account of somebody who came from a provider, and ties it to who they are there.
@Singleton
public class RegisterThroughProvider {
  /// @param email counts as verified
  /// @param displayName null to leave it to the homeserver
  /// @param terms which were agreed to
  public record NewAccount(
      String username,
      @Nullable String email,
      @Nullable String displayName,
      @Nullable String terms) {
    @Override
    public String toString() {
      return "NewAccount[" + username + "]";
    }
  }

  /// What somebody else has got meanwhile.
  public enum Taken {
    USERNAME,
    EMAIL,
    LINK
  }

  /// Nothing was made.
  public static final class Refused extends RuntimeException {
    private final Taken taken;

    Refused(Taken taken) {
      super("taken: " + taken, null, false, false);
      this.taken = taken;
    }

    public Taken taken() {
      return taken;
    }
  }

  private final NewAccountRepository accounts;
  private final UpstreamLinkRepository links;
  private final Jobs jobs;
  private final AuditEventRepository audit;
  private final Clock clock;
  private final Ids ids;

  RegisterThroughProvider(
      NewAccountRepository accounts,
      UpstreamLinkRepository links,
      Jobs jobs,
      AuditEventRepository audit,
      Clock clock,
      Ids ids) {
    this.accounts = accounts;
    this.links = links;
    this.jobs = jobs;
    this.audit = audit;
    this.clock = clock;
    this.ids = ids;
  }

  /// All or nothing. Answers the new user.
  ///
  /// @throws Refused if something is taken
  @Transactional
  public UUID handle(NewAccount account, UpstreamLinkView link) throws SQLException {
    var now = clock.instant();
    var user = ids.next(now);
    if (!accounts.insert(user, account.username(), now)) {
      throw new Refused(Taken.USERNAME);
    }
    if (account.email() != null && !accounts.insertAddress(user, account.email(), now)) {
      throw new Refused(Taken.EMAIL);
    }
    if (!links.attach(link.id(), user)) {
      throw new Refused(Taken.LINK);
    }
    jobs.schedule(UserJobs.PROVISION_USER, user);
    if (account.displayName() != null) {
      jobs.schedule(UserJobs.SET_DISPLAY_NAME, user, account.displayName());
    }
    var details = ProviderEvents.details(link).put("username", account.username());
    if (account.terms() != null) {
      details.put("terms", account.terms());
    }
    audit.append("user_registered", user, null, null, details);
    return user;
  }
}
