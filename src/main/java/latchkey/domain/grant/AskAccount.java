package latchkey.domain.grant;

import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.regex.Pattern;
import latchkey.base.matrix.MatrixId;
import latchkey.base.oauth.Prompt;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.session.BrowserSessions.Visitor;
import latchkey.domain.user.UserView;

/// Decides whether a client's request leaves open which account is meant (OpenID Connect Core
/// §3.1.2.1). That comes before anything that takes who is signed in for the one who is meant: a
/// new sign-in first would be one of the wrong account.
@Singleton
public class AskAccount {
  // The hint is shown to the person, and must not be a sentence of the client's.
  private static final Pattern LOCALPART = Pattern.compile("[A-Za-z0-9._=/+-]{1,255}");

  private final Homeserver homeserver;

  AskAccount(Homeserver homeserver) {
    this.homeserver = homeserver;
  }

  /// Nothing is left open if this account will do and the person has chosen it.
  public Optional<AccountQuestion> handle(PendingGrant grant, Visitor.SignedIn person) {
    if (!grant.demands().allow(person.user().id())) {
      return Optional.of(new AccountQuestion.WrongAccount());
    }
    if (grant.isChosen(person.session(), person.authenticatedAt())) {
      return Optional.empty();
    }
    if (grant.demands().asks(Prompt.CREATE)) {
      return Optional.of(new AccountQuestion.HasAccount());
    }
    if (grant.demands().asks(Prompt.SELECT_ACCOUNT)) {
      return Optional.of(new AccountQuestion.Choose());
    }
    return hintAtAnother(grant, person.user())
        .map(id -> new AccountQuestion.HintsAtAnother(id.toString()));
  }

  /// Whom the `login_hint` names, if it is one of our users and not this one.
  public Optional<MatrixId> hintAtAnother(PendingGrant grant, UserView user) {
    return Optional.ofNullable(grant.loginHint())
        .flatMap(MatrixId::parseHint)
        .filter(id -> id.server().equals(homeserver.serverName()))
        .filter(id -> LOCALPART.matcher(id.localpart()).matches())
        .filter(id -> !id.localpart().equalsIgnoreCase(user.username()));
  }
}
