package latchkey.domain.grant;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import latchkey.domain.session.BrowserSessions.Visitor;
import latchkey.domain.upstream.Providers;

/// Decides whether the sign-in of somebody is what a client demands: new enough (OpenID Connect
/// Core §3.1.2.1), and good enough (§5.5.1.1).
@Singleton
public class AskSignIn {
  /// What is to be done about it.
  public enum Answer {
    /// Nothing.
    GOOD,
    /// They have to sign in again.
    TOO_OLD,
    /// They have to sign in again, in a better way: most often through a provider.
    WEAK,
    /// They went to a provider for this very request, and it was not enough; or there is no better
    /// way. To ask again would lead nowhere.
    UNMET
  }

  private final SignInRepository signIns;
  private final Providers providers;

  AskSignIn(SignInRepository signIns, Providers providers) {
    this.signIns = signIns;
    this.providers = providers;
  }

  public Answer handle(PendingGrant grant, Visitor.SignedIn person, Instant now) {
    if (!grant.accepts(person.authenticatedAt(), now)) {
      return Answer.TOO_OLD;
    }
    return grant.demands().acrs().isEmpty() ? Answer.GOOD : handleAcr(grant, person);
  }

  private Answer handleAcr(PendingGrant grant, Visitor.SignedIn person) {
    var signIn = signInOf(person);
    if (signIn.acr().filter(grant.demands().acrs()::contains).isPresent()) {
      return Answer.GOOD;
    }
    boolean wentForIt = signIn.grant().filter(grant.id()::equals).isPresent();
    boolean isThereAWay = grant.demands().takePassword() || !providers.all().isEmpty();
    return wentForIt || !isThereAWay ? Answer.UNMET : Answer.WEAK;
  }

  private SignInRepository.SignIn signInOf(Visitor.SignedIn person) {
    try {
      return signIns.of(person.session());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
