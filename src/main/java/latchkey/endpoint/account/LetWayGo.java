package latchkey.endpoint.account;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.UUID;
import latchkey.base.web.AccountPlace;
import latchkey.base.web.Continuation;
import latchkey.base.web.Routes;
import latchkey.domain.lifecycle.UnlinkProvider;

/// Lets one of the ways go that the person who is signed in can sign in, which wants a recent
/// sign-in.
@Singleton
class LetWayGo {
  private final Door door;
  private final UnlinkProvider unlinkProvider;

  LetWayGo(Door door, UnlinkProvider unlinkProvider) {
    this.door = door;
    this.unlinkProvider = unlinkProvider;
  }

  Outcome handle(Visit visit, UUID link) throws SQLException {
    return door.open(
        visit,
        new Continuation.ShowAccountPage(AccountPlace.way(link)),
        (person, _) ->
            switch (unlinkProvider.handle(link, person.user().id(), person.session())) {
              case UNLINKED -> new Outcome.GoTo(Routes.WAYS + "?unlinked=1");
              // Its page says so.
              case LAST -> new Outcome.GoTo(AccountPlace.way(link).path());
              case NOTHING -> throw Door.nothing();
            });
  }
}
