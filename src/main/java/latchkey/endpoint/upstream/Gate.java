package latchkey.endpoint.upstream;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.web.BrandingConfig;
import latchkey.base.web.Continuation;
import latchkey.base.web.Requester;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import latchkey.domain.audit.AuditEventRepository;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.lifecycle.AskUpstreamRules;
import latchkey.domain.lifecycle.FollowUpstream;
import latchkey.domain.lifecycle.ProviderEvents;
import latchkey.domain.policy.Policies;
import latchkey.domain.policy.UpstreamVerdict;
import latchkey.domain.policy.Violation;
import latchkey.domain.upstream.Claims;
import latchkey.domain.upstream.ProviderConfig;
import latchkey.domain.upstream.Providers;
import latchkey.domain.user.UserView;
import org.jboss.logging.Logger;

/// The gate between a provider that vouches for somebody and an account here: the rules of
/// `policies/upstream_login.yaml`. Judge before anything is done for the person, at every sign-in;
/// then, in the transaction that signs them in, [#welcome] or [#welcomeFirst].
@Singleton
public class Gate {
  private static final Logger LOG = Logger.getLogger(Gate.class);

  /// What the rules say.
  public sealed interface Judgement {
    record Admitted(UpstreamVerdict verdict) implements Judgement {}

    /// @param reasons in the words of whoever wrote the rules
    record Refused(List<String> reasons) implements Judgement {
      public Refused {
        reasons = List.copyOf(reasons);
      }
    }
  }

  private final AskUpstreamRules askRules;
  private final FollowUpstream followUpstream;
  private final AuditEventRepository audit;
  private final Homeserver homeserver;
  private final BrandingConfig branding;

  Gate(
      AskUpstreamRules askRules,
      FollowUpstream followUpstream,
      AuditEventRepository audit,
      Homeserver homeserver,
      BrandingConfig branding) {
    this.askRules = askRules;
    this.followUpstream = followUpstream;
    this.audit = audit;
    this.homeserver = homeserver;
    this.branding = branding;
  }

  /// A refusal leaves a line in the log and an event; it is an outcome, so that the caller's
  /// transaction, if there is one, keeps that.
  ///
  /// @param user whose link it is, locked or not; empty if it is nobody's yet
  public Judgement judge(
      ProviderConfig provider, Claims claims, Optional<UserView> user, Requester requester)
      throws SQLException {
    var who = new Policies.Requester(requester.ipAddress(), requester.userAgent());
    var verdict = askRules.atLogin(provider, claims, user, who);
    if (verdict.admits()) {
      return new Judgement.Admitted(verdict);
    }
    var reasons = verdict.violations().stream().map(Violation::message).distinct().toList();
    var details =
        ProviderEvents.details(provider)
            .put("reason", String.join("; ", reasons))
            .put("ip_address", requester.ipAddress())
            .put("user_agent", requester.userAgent());
    audit.append("upstream_refused", user.map(UserView::id).orElse(null), null, null, details);
    LOG.infof(
        "the rules refuse somebody from %s: %s",
        Providers.nameOf(provider), String.join("; ", reasons));
    return new Judgement.Refused(reasons);
  }

  /// Ends a hold on the account ([latchkey.domain.upstream.UpstreamRules.OnGone#HOLD]): whoever
  /// comes from the provider is there again. To be called for an admitted user who is locked,
  /// before they are told so; read the account again afterwards.
  public void release(ProviderConfig provider, UUID link) throws SQLException {
    followUpstream.release(provider, link);
  }

  /// Somebody signs in to an account that is theirs: it follows the provider as
  /// `latchkey.upstream.resync` wants. In the caller's transaction. False if the link is theirs no
  /// more.
  public boolean welcome(
      ProviderConfig provider, UUID link, UUID user, Claims claims, Judgement.Admitted admitted)
      throws SQLException {
    return followUpstream.atLogin(provider, link, user, claims, admitted.verdict());
  }

  /// An account was just made for somebody, or tied to them. In the caller's transaction.
  ///
  /// @param email the address it was given from the claims; empty for none
  public void welcomeFirst(
      ProviderConfig provider,
      UUID link,
      UUID user,
      Optional<String> email,
      Judgement.Admitted admitted)
      throws SQLException {
    followUpstream.atFirst(provider, link, user, email, admitted.verdict());
  }

  /// Says why somebody cannot come in, and whom to ask; 403.
  ///
  /// @param next where signing in would have led
  Page refusal(Frame frame, ProviderConfig provider, Judgement.Refused refused, Continuation next) {
    return new GateRefusalPage(
        frame,
        homeserver.serverName(),
        Providers.nameOf(provider),
        refused.reasons(),
        branding.contact().orElse(""),
        next.loginPath().substring(1));
  }
}
