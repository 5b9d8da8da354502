package latchkey.endpoint.login;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import latchkey.base.crypto.Secret;
import latchkey.base.error.DomainProblem;
import latchkey.base.error.DomainProblem.Reason;
import latchkey.base.language.Message;
import latchkey.base.web.Continuation;
import latchkey.base.web.HeldSession;
import latchkey.base.web.KnownBrowser;
import latchkey.base.web.Parameters;
import latchkey.base.web.Requester;
import latchkey.base.web.page.Page;
import latchkey.domain.notice.Incidents;
import latchkey.domain.session.AuthenticationMethod;
import latchkey.domain.session.BrowserSessions;
import latchkey.domain.user.CheckPassword;
import latchkey.domain.user.LoginOrigin;
import latchkey.domain.user.PasswordsConfig;

/// Takes the form: proves the password, opens a browser session. A refusal shows the page again
/// with what was typed, the password apart.
@Singleton
class LogIn {
  private static final int NAME_LIMIT = 512;
  private static final int PASSWORD_LIMIT = 4096;

  sealed interface Outcome {
    /// @param hasNotices whether there is something to read first
    record SignedIn(HeldSession session, String username, boolean hasNotices) implements Outcome {}

    record Again(Page page) implements Outcome {}

    /// To a provider.
    ///
    /// @param page for who is not taken there by the browser itself
    /// @param path without prefix
    record Leave(Page page, String path) implements Outcome {
      @Override
      public String toString() {
        return "Leave";
      }
    }

    /// The page again, for who tries too often.
    record TooMany(Page page, Duration retryAfter) implements Outcome {}
  }

  private final CheckPassword checkPassword;
  private final BrowserSessions browserSessions;
  private final Incidents incidents;
  private final PasswordsConfig passwords;
  private final FindProvider findProvider;
  private final LoginPages pages;

  LogIn(
      CheckPassword checkPassword,
      BrowserSessions browserSessions,
      Incidents incidents,
      PasswordsConfig passwords,
      FindProvider findProvider,
      LoginPages pages) {
    this.checkPassword = checkPassword;
    this.browserSessions = browserSessions;
    this.incidents = incidents;
    this.passwords = passwords;
    this.findProvider = findProvider;
    this.pages = pages;
  }

  /// Only an address, or a name: whoever's provider it tells goes there, everybody else is asked
  /// for their password.
  Outcome handleAddress(
      Parameters form,
      Continuation next,
      Optional<HeldSession> cookie,
      Requester requester,
      String csrf) {
    var visitor = browserSessions.visitor(cookie, requester);
    var name = form.find("username").filter(text -> text.length() <= NAME_LIMIT).orElse("");
    var provider = findProvider.handle(name);
    if (provider.isPresent()) {
      var path = findProvider.path(provider.get(), next, name);
      return new Outcome.Leave(pages.leaving(provider.get(), path, next, requester), path);
    }
    boolean asksAgain = name.isBlank() || !passwords.enabled();
    var errors =
        name.isBlank()
            ? LoginErrors.missing(true, false)
            : passwords.enabled() ? LoginErrors.none() : LoginErrors.nobodys();
    return new Outcome.Again(pages.login(next, visitor, requester, csrf, asksAgain, name, errors));
  }

  /// @param cookie the browser session there was before
  /// @param browser what the browser shows of sign-ins that went well in it
  Outcome handle(
      Parameters form,
      Continuation next,
      Optional<HeldSession> cookie,
      KnownBrowser browser,
      Requester requester,
      String csrf) {
    if (!passwords.enabled()) {
      throw DomainProblem.of(
          Reason.FORBIDDEN,
          "signing in by password is switched off",
          Message.of("latchkey.error.no_passwords"));
    }
    var name = form.find("username").filter(text -> text.length() <= NAME_LIMIT).orElse("");
    var password = form.find("password").filter(text -> text.length() <= PASSWORD_LIMIT);
    if (name.isBlank() || password.isEmpty()) {
      var errors = LoginErrors.missing(name.isBlank(), password.isEmpty());
      return new Outcome.Again(again(next, cookie, requester, csrf, name, errors));
    }
    var origin = LoginOrigin.of(requester, browser);
    return switch (checkPassword.handle(name, Secret.of(password.get()), origin)) {
      case CheckPassword.Outcome.Proven(var user) -> {
        // What may fail comes first: from then on the browser's cookie is void.
        boolean hasNotices =
            !(next instanceof Continuation.ReadNotice) && incidents.isAnyUnseen(user.id());
        var language = pages.language(next, requester);
        yield new Outcome.SignedIn(
            browserSessions.authenticated(
                cookie, user.id(), AuthenticationMethod.PASSWORD, requester, language),
            user.username(),
            hasNotices);
      }
      case CheckPassword.Outcome.WrongCredentials _ ->
          new Outcome.Again(
              again(next, cookie, requester, csrf, name, LoginErrors.wrongCredentials()));
      case CheckPassword.Outcome.Inactive(var user) ->
          new Outcome.Again(pages.inactive(user, next, requester, csrf));
      case CheckPassword.Outcome.TooMany(var retryAfter) ->
          new Outcome.TooMany(
              again(next, cookie, requester, csrf, name, LoginErrors.tooMany(retryAfter)),
              retryAfter);
    };
  }

  private Page again(
      Continuation next,
      Optional<HeldSession> cookie,
      Requester requester,
      String csrf,
      String name,
      LoginErrors errors) {
    var visitor = browserSessions.visitor(cookie, requester);
    return pages.login(next, visitor, requester, csrf, false, name, errors);
  }
}
