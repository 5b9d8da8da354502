package latchkey.endpoint.account;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import latchkey.base.system.Ids;
import latchkey.base.web.Continuation;
import latchkey.base.web.Parameters;

/// Signs out what a person at the limit of their sessions has chosen, and goes back to what they
/// were about to sign in. Whoever chose none or too few is asked again there.
@Singleton
class EndChosen {
  private static final String FIELD = "end-";

  private final Door door;
  private final SignOut signOut;

  EndChosen(Door door, SignOut signOut) {
    this.door = door;
    this.signOut = signOut;
  }

  /// @param next where the person came from
  Outcome handle(Visit visit, Parameters form, Continuation next) throws SQLException {
    var chosen =
        form.all().keySet().stream()
            .filter(name -> name.startsWith(FIELD))
            .flatMap(name -> Ids.parse(name.substring(FIELD.length())).stream())
            .toList();
    return door.open(
        visit,
        next,
        (person, _) -> {
          signOut.apps(person.user().id(), chosen);
          return new Outcome.GoTo(next.path());
        });
  }
}
