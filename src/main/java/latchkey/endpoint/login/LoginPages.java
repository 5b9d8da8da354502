package latchkey.endpoint.login;

import jakarta.inject.Singleton;
import java.util.Optional;
import latchkey.base.web.AccountStatePage;
import latchkey.base.web.Continuation;
import latchkey.base.web.Frames;
import latchkey.base.web.PublicHost;
import latchkey.domain.client.ClientView;
import latchkey.domain.client.Clients;
import latchkey.domain.grant.AuthorizationGrants;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.user.PasswordsConfig;
import latchkey.domain.user.UserView;
import org.jspecify.annotations.Nullable;

/// Fills the pages of this room.
@Singleton
class LoginPages {
  private final Frames frames;
  private final Clients clients;
  private final AuthorizationGrants grants;
  private final Homeserver homeserver;
  private final PasswordsConfig passwords;

  LoginPages(
      Frames frames,
      Clients clients,
      AuthorizationGrants grants,
      Homeserver homeserver,
      PasswordsConfig passwords) {
    this.frames = frames;
    this.clients = clients;
    this.grants = grants;
    this.homeserver = homeserver;
    this.passwords = passwords;
  }

  LoginPage login(
      Continuation next, String csrf, String username, LoginPage.@Nullable LoginError error) {
    return new LoginPage(
        frames.frame(),
        homeserver.serverName(),
        csrf,
        passwords.enabled(),
        asker(next).map(LoginPages::view).orElse(null),
        username,
        error);
  }

  AccountStatePage inactive(UserView user, Continuation next, String csrf) {
    var matrixId = "@" + user.username() + ":" + homeserver.serverName();
    return user.deactivated()
        ? AccountStatePage.deactivated(frames.frame(), matrixId, csrf, next.parameters())
        : AccountStatePage.locked(frames.frame(), matrixId, csrf, next.parameters());
  }

  AccountStatePage ended(Continuation next, String csrf) {
    return AccountStatePage.ended(frames.frame(), csrf, next.parameters());
  }

  private Optional<ClientView> asker(Continuation next) {
    return switch (next) {
      case Continuation.ContinueGrant(var grant) ->
          grants.find(grant) instanceof AuthorizationGrants.Lookup.Pending(var pending)
              ? clients.find(pending.clientId())
              : Optional.empty();
      case Continuation.Home _ -> Optional.empty();
    };
  }

  private static LoginPage.Asker view(ClientView client) {
    var name = client.displayName();
    return new LoginPage.Asker(
        name, PublicHost.initial(name), PublicHost.of(client.metadata().uri()).orElse(null));
  }
}
