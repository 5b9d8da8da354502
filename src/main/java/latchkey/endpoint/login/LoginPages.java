package latchkey.endpoint.login;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import latchkey.base.oauth.Prompt;
import latchkey.base.web.AccountStatePage;
import latchkey.base.web.Continuation;
import latchkey.base.web.Frames;
import latchkey.base.web.PublicHost;
import latchkey.base.web.Requester;
import latchkey.base.web.page.Frame;
import latchkey.domain.client.ClientView;
import latchkey.domain.client.Clients;
import latchkey.domain.grant.AskAccount;
import latchkey.domain.grant.AskSignIn;
import latchkey.domain.grant.AskSignIn.Answer;
import latchkey.domain.grant.AuthorizationGrants;
import latchkey.domain.grant.CompatSsoLogins;
import latchkey.domain.grant.PendingGrant;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.session.BrowserSessions.Visitor;
import latchkey.domain.upstream.ProviderButton;
import latchkey.domain.upstream.ProviderButtons;
import latchkey.domain.upstream.ProviderConfig;
import latchkey.domain.upstream.ProviderMark;
import latchkey.domain.upstream.Providers;
import latchkey.domain.upstream.UpstreamLinkView;
import latchkey.domain.upstream.UpstreamLinks;
import latchkey.domain.upstream.UpstreamRules;
import latchkey.domain.user.PasswordsConfig;
import latchkey.domain.user.UserView;
import latchkey.domain.user.Users;

/// Fills the pages of this room.
@Singleton
class LoginPages {
  private final Frames frames;
  private final Clients clients;
  private final AuthorizationGrants grants;
  private final CompatSsoLogins ssoLogins;
  private final AskAccount askAccount;
  private final AskSignIn askSignIn;
  private final Homeserver homeserver;
  private final PasswordsConfig passwords;
  private final Providers providers;
  private final ProviderButtons buttons;
  private final UpstreamLinks links;
  private final UpstreamRules rules;
  private final Users users;
  private final Clock clock;

  LoginPages(
      Frames frames,
      Clients clients,
      AuthorizationGrants grants,
      CompatSsoLogins ssoLogins,
      AskAccount askAccount,
      AskSignIn askSignIn,
      Homeserver homeserver,
      PasswordsConfig passwords,
      Providers providers,
      ProviderButtons buttons,
      UpstreamLinks links,
      UpstreamRules rules,
      Users users,
      Clock clock) {
    this.frames = frames;
    this.clients = clients;
    this.grants = grants;
    this.ssoLogins = ssoLogins;
    this.askAccount = askAccount;
    this.askSignIn = askSignIn;
    this.homeserver = homeserver;
    this.passwords = passwords;
    this.providers = providers;
    this.buttons = buttons;
    this.links = links;
    this.rules = rules;
    this.users = users;
    this.clock = clock;
  }

  LoginPage login(
      Continuation next,
      Visitor visitor,
      Requester requester,
      String csrf,
      boolean addressFirst,
      String username,
      LoginErrors errors) {
    var grant = grants.pending(next);
    boolean confirm = mustConfirm(next, visitor, grant);
    var linking = linking(next);
    var ways =
        confirm && visitor instanceof Visitor.SignedIn person
            ? own(person, next, grant)
            : all(linking, next);
    return new LoginPage(
        frame(requester, grant),
        homeserver.serverName(),
        csrf,
        next.loginPath().substring(1),
        next.parameters(),
        ways.password(),
        asker(next, grant).orElse(null),
        confirm,
        !confirm && wantsAccount(next, grant),
        ways.providers(),
        linking.map(Providers::nameOf).orElse(null),
        addressFirst,
        username,
        errors);
  }

  /// @param password whether one is of use
  private record Ways(boolean password, List<ProviderButton> providers) {}

  /// Who is signed in proves it by what is theirs. A password is of no use if they have none, and
  /// there is another way for them, and of none either if the client wants more than that: then
  /// somebody who has nothing else may link what is better.
  private Ways own(Visitor.SignedIn person, Continuation next, Optional<PendingGrant> grant) {
    var user = person.user().id();
    var theirs =
        links.ofUser(user).stream().map(UpstreamLinkView::providerId).collect(Collectors.toSet());
    var own = buttons.some(theirs, next);
    if (grant.filter(known -> !known.demands().takePassword()).isPresent()) {
      return new Ways(false, own.isEmpty() ? buttons.all(next) : own);
    }
    return new Ways(passwords.enabled() && (theirs.isEmpty() || users.hasPassword(user)), own);
  }

  /// To link an account elsewhere takes another way.
  private Ways all(Optional<ProviderConfig> linking, Continuation next) {
    var waiting = linking.map(ProviderConfig::id);
    var others =
        providers.all().stream()
            .map(ProviderConfig::id)
            .filter(id -> !waiting.equals(Optional.of(id)))
            .collect(Collectors.toSet());
    return new Ways(passwords.enabled(), buttons.some(others, next));
  }

  /// The provider that waits for the account to be known that it belongs to.
  private Optional<ProviderConfig> linking(Continuation next) {
    return next instanceof Continuation.LinkUpstream(var link) && !providers.all().isEmpty()
        ? links.find(link).map(UpstreamLinkView::providerId).flatMap(providers::find)
        : Optional.empty();
  }

  /// Whether an address may say which provider somebody comes from, and is asked first.
  boolean asksAddressFirst(Continuation next) {
    return !rules.domains().isEmpty() && !(next instanceof Continuation.LinkUpstream);
  }

  /// The only way to sign in, if it is a provider.
  Optional<ProviderConfig> onlyProvider(Continuation next) {
    return passwords.enabled()
            || next instanceof Continuation.LinkUpstream
            || providers.all().size() != 1
        ? Optional.empty()
        : Optional.of(providers.all().getFirst());
  }

  ToProviderPage leaving(
      ProviderConfig provider, String path, Continuation next, Requester requester) {
    return new ToProviderPage(
        frame(requester, grants.pending(next)),
        Providers.nameOf(provider),
        ProviderMark.of(provider),
        path.substring(1));
  }

  AccountStatePage inactive(UserView user, Continuation next, Requester requester, String csrf) {
    return AccountStatePage.inactive(
        frame(requester, grants.pending(next)),
        user.deactivated(),
        homeserver.matrixId(user.username()).toString(),
        csrf,
        next.parameters());
  }

  AccountStatePage ended(Continuation next, Requester requester, String csrf) {
    return AccountStatePage.ended(frame(requester, grants.pending(next)), csrf, next.parameters());
  }

  /// The language of these pages (BCP 47).
  String language(Continuation next, Requester requester) {
    return frame(requester, grants.pending(next)).language();
  }

  /// Whether somebody is signed in, and the client or the account page that waits wants a newer or
  /// better sign-in of theirs. Where it is open which account is meant, that is asked first, and
  /// not here.
  boolean mustConfirm(Continuation next, Visitor visitor) {
    return mustConfirm(next, visitor, grants.pending(next));
  }

  private boolean mustConfirm(Continuation next, Visitor visitor, Optional<PendingGrant> grant) {
    return visitor instanceof Visitor.SignedIn person
        && (isTooLittle(grant, person)
            || (next.needsRecentSignIn() && !person.isRecent(clock.instant())));
  }

  private boolean isTooLittle(Optional<PendingGrant> waiting, Visitor.SignedIn person) {
    return waiting
        .filter(grant -> askAccount.handle(grant, person).isEmpty())
        .map(grant -> askSignIn.handle(grant, person, clock.instant()))
        .filter(answer -> answer == Answer.TOO_OLD || answer == Answer.WEAK)
        .isPresent();
  }

  private Frame frame(Requester requester, Optional<PendingGrant> grant) {
    return frames.frame(requester, grant.map(PendingGrant::locale).orElse(null));
  }

  private Optional<LoginPage.Asker> asker(Continuation next, Optional<PendingGrant> grant) {
    return next instanceof Continuation.ContinueCompatSso(var login, _)
        ? legacyApp(login)
        : grant.flatMap(known -> clients.find(known.clientId())).map(LoginPages::view);
  }

  /// A legacy client has no name here, only where it wants its user back.
  private Optional<LoginPage.Asker> legacyApp(UUID login) {
    try {
      return ssoLogins.find(login) instanceof CompatSsoLogins.Lookup.Pending(var redirectUri)
          ? Optional.of(PublicHost.ofRedirect(redirectUri))
              .map(app -> new LoginPage.Asker(app, PublicHost.initial(app), null))
          : Optional.empty();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean wantsAccount(Continuation next, Optional<PendingGrant> grant) {
    return next instanceof Continuation.ContinueCompatSso(_, var register)
        ? register
        : grant.filter(known -> known.demands().asks(Prompt.CREATE)).isPresent();
  }

  private static LoginPage.Asker view(ClientView client) {
    var name = client.displayName();
    return new LoginPage.Asker(
        name, PublicHost.initial(name), PublicHost.of(client.metadata().uri()).orElse(null));
  }
}
