package latchkey.endpoint.account;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import latchkey.base.crypto.Secret;
import latchkey.base.language.Message;
import latchkey.base.web.AccountPlace;
import latchkey.base.web.Continuation;
import latchkey.base.web.FieldError;
import latchkey.base.web.Parameters;
import latchkey.base.web.Routes;
import latchkey.base.web.page.Frame;
import latchkey.domain.client.ClientName;
import latchkey.domain.lifecycle.MakeAppPassword;
import latchkey.domain.lifecycle.RevokeAppPassword;
import latchkey.domain.user.PasswordsConfig;
import org.jspecify.annotations.Nullable;

/// Makes an app password, which wants a recent sign-in, and takes one back, which does not.
@Singleton
class ChangeAppPasswords {
  private static final Map<String, Duration> LIVES =
      Map.of(
          "30", Duration.ofDays(30),
          "90", Duration.ofDays(90),
          "365", Duration.ofDays(365));

  /// What is made on the way, for the page that will show it.
  interface Carrier {
    void carry(UUID id, Secret secret);
  }

  private final Door door;
  private final MakeAppPassword makeAppPassword;
  private final RevokeAppPassword revokeAppPassword;
  private final PasswordsConfig config;

  ChangeAppPasswords(
      Door door,
      MakeAppPassword makeAppPassword,
      RevokeAppPassword revokeAppPassword,
      PasswordsConfig config) {
    this.door = door;
    this.makeAppPassword = makeAppPassword;
    this.revokeAppPassword = revokeAppPassword;
    this.config = config;
  }

  Outcome handleForm(Visit visit) throws SQLException {
    return door.open(
        visit,
        making(),
        (_, frame) -> {
          requireUse();
          return new Outcome.Show(new NewAppPasswordPage(frame, visit.csrf(), "", "", null, null));
        });
  }

  Outcome handleNew(Visit visit, Parameters form, Carrier carrier) throws SQLException {
    var name = form.find("name").flatMap(ClientName::shown);
    var days = form.find("days").filter(LIVES::containsKey).orElse("");
    return door.open(
        visit,
        making(),
        (person, frame) -> {
          requireUse();
          if (name.isEmpty()) {
            var missing =
                FieldError.of("required", Message.of("latchkey.app_passwords.name_missing"));
            return again(frame, visit, "", days, missing, null);
          }
          var made = makeAppPassword.handle(person.user().id(), name.get(), LIVES.get(days));
          if (made.isEmpty()) {
            var many = FieldError.of("too_many", Message.of("latchkey.app_passwords.too_many"));
            return again(frame, visit, name.get(), days, null, many);
          }
          carrier.carry(made.get().id(), made.get().secret());
          return new Outcome.GoTo(AccountPlace.appPassword(made.get().id()).path());
        });
  }

  Outcome handleRevoke(Visit visit, UUID id, boolean endSessions) throws SQLException {
    return door.open(
        visit,
        new Continuation.ShowAccountPage(AccountPlace.appPassword(id)),
        (person, _) -> {
          if (revokeAppPassword.handle(person.user().id(), id, endSessions).isEmpty()) {
            throw Door.nothing();
          }
          return new Outcome.GoTo(Routes.APP_PASSWORDS + "?revoked=1");
        });
  }

  private static Continuation making() {
    return new Continuation.ShowAccountPage(AccountPlace.of(AccountPlace.Page.NEW_APP_PASSWORD));
  }

  /// Where nothing logs in by password, one for an app would be of no use.
  private void requireUse() {
    if (!config.enabled()) {
      throw Door.nothing();
    }
  }

  private static Outcome again(
      Frame frame,
      Visit visit,
      String name,
      String days,
      @Nullable FieldError nameError,
      @Nullable FieldError formError) {
    return new Outcome.Show(
        new NewAppPasswordPage(frame, visit.csrf(), name, days, nameError, formError));
  }
}
