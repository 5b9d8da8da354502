package latchkey.endpoint.upstream;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import latchkey.base.error.DomainProblem;
import latchkey.base.language.Message;
import latchkey.base.web.Requester;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.homeserver.HomeserverProblem;
import latchkey.domain.lifecycle.FitClaims;
import latchkey.domain.policy.Policies;
import latchkey.domain.policy.UpstreamVerdict;
import latchkey.domain.policy.Violation;
import latchkey.domain.upstream.ClaimsImports.Action;
import latchkey.domain.upstream.ImportOutcome.Imported;
import latchkey.domain.user.NewAccountRepository;
import latchkey.domain.user.UserView;
import latchkey.domain.user.Users;
import org.jspecify.annotations.Nullable;

/// Decides what account somebody can have who is nobody here yet (`pages.md` 5.4, 5.5). An e-mail
/// address alone never makes them somebody who is here already.
@Singleton
class DraftAccount {
  private static final Duration HOMESERVER_IS_BACK = Duration.ofSeconds(10);

  /// Whoever has one of these names may ask for admin scopes, and many a provider lets people
  /// choose theirs.
  private static final Violation NAME_OF_AN_ADMIN =
      new Violation(
          "this name is kept for an admin", "username-banned", null, null, false, "username");

  /// Why there can be no account.
  enum Reason {
    USER_EXISTS(
        "User exists",
        "latchkey.upstream.user_exists.heading",
        "latchkey.upstream.user_exists.text"),
    POLICY("Policy error", "latchkey.upstream.policy.heading", "latchkey.upstream.policy.text"),
    NOT_AVAILABLE(
        "Localpart not available",
        "latchkey.upstream.not_available.heading",
        "latchkey.upstream.not_available.text"),
    EMAIL_IN_USE(
        "Email in use",
        "latchkey.upstream.email_in_use.heading",
        "latchkey.upstream.email_in_use.text"),
    INCOMPLETE(
        "Incomplete", "latchkey.upstream.incomplete.heading", "latchkey.upstream.incomplete.text");

    private final String code;
    private final String heading;
    private final String text;

    Reason(String code, String heading, String text) {
      this.code = code;
      this.heading = heading;
      this.text = text;
    }

    Message heading() {
      return Message.of(heading);
    }

    /// The same where nobody who has an account could sign in to it any other way.
    Message textWithoutWay() {
      return switch (this) {
        case USER_EXISTS -> Message.of("latchkey.upstream.user_exists.text_without_way");
        case EMAIL_IN_USE -> Message.of("latchkey.upstream.email_in_use.text_without_way");
        case POLICY, NOT_AVAILABLE, INCOMPLETE -> text();
      };
    }

    Message text() {
      return Message.of(text);
    }

    String code() {
      return code;
    }
  }

  sealed interface Outcome {
    record Offered(Offer offer) implements Outcome {}

    /// The name is that of a user, and nobody may choose another.
    record Somebody(UserView user) implements Outcome {}
  }

  /// @param what name or address it is about
  record Impossible(Reason reason, String what, List<Violation> violations) implements Outcome {
    Impossible {
      violations = List.copyOf(violations);
    }

    static Impossible of(Reason reason, String what) {
      return new Impossible(reason, what, List.of());
    }

    /// The reason, in words for an admin.
    String forAdmin() {
      boolean isReserved = violations.contains(NAME_OF_AN_ADMIN);
      return isReserved ? reason.code() + ": a name of policy.data.admin_users" : reason.code();
    }

    @Override
    public String toString() {
      return "Impossible[" + reason + "]";
    }
  }

  private final Users users;
  private final NewAccountRepository accounts;
  private final Policies policies;
  private final Homeserver homeserver;

  DraftAccount(
      Users users, NewAccountRepository accounts, Policies policies, Homeserver homeserver) {
    this.users = users;
    this.accounts = accounts;
    this.policies = policies;
    this.homeserver = homeserver;
  }

  /// @param verdict of the gate
  Outcome handle(Imported claims, UpstreamVerdict verdict, Requester requester)
      throws SQLException {
    var email = claims.email().value().filter(FitClaims::isAddress);
    if (email.isEmpty() && claims.email().action() == Action.REQUIRE) {
      return Impossible.of(Reason.INCOMPLETE, "");
    }
    var localpart = claims.localpart();
    if (localpart.value().isEmpty()) {
      return new Outcome.Offered(offer("", claims, email));
    }
    var name = localpart.value().get();
    var refusal = refusal(name, verdict, requester);
    if (refusal.isEmpty()) {
      return new Outcome.Offered(offer(name, claims, email));
    }
    return localpart.isFixed() ? refusal.get() : new Outcome.Offered(offer("", claims, email));
  }

  /// What speaks against a name that a provider has given.
  private Optional<Outcome> refusal(String name, UpstreamVerdict verdict, Requester requester)
      throws SQLException {
    if (accounts.isTaken(name)) {
      return Optional.of(
          users
              .findByUsername(name)
              .<Outcome>map(Outcome.Somebody::new)
              .orElseGet(() -> Impossible.of(Reason.USER_EXISTS, name)));
    }
    var violations =
        violations(name, null, verdict, requester).stream()
            .filter(violation -> "username".equals(violation.field()))
            .toList();
    if (!violations.isEmpty()) {
      return Optional.of(new Impossible(Reason.POLICY, name, violations));
    }
    return isAvailable(name)
        ? Optional.empty()
        : Optional.of(Impossible.of(Reason.NOT_AVAILABLE, name));
  }

  /// What speaks against an account: the rules, or that its name is for an admin, which nobody is
  /// whom the gate does not make one.
  List<Violation> violations(
      String username, @Nullable String email, UpstreamVerdict verdict, Requester requester) {
    var violations =
        policies.register(
            new Policies.Registration("upstream-oauth2", username, email),
            new Policies.Requester(requester.ipAddress(), requester.userAgent()));
    return policies.namesAdmin(username) && !verdict.admin().orElse(false)
        ? Stream.concat(Stream.of(NAME_OF_AN_ADMIN), violations.stream()).toList()
        : violations;
  }

  /// Whether the homeserver would have it.
  boolean isAvailable(String username) {
    try {
      return homeserver.isLocalpartAvailable(username);
    } catch (HomeserverProblem e) {
      throw DomainProblem.unavailable(
          HOMESERVER_IS_BACK, "The homeserver cannot be asked whether a name is free.", e);
    }
  }

  private static Offer offer(String username, Imported claims, Optional<String> email) {
    var displayName = claims.displayname().value().map(FitClaims::displayName);
    return new Offer(
        username,
        claims.localpart().isFixed(),
        email.orElse(null),
        claims.email().isFixed(),
        displayName.filter(name -> !name.isBlank()).orElse(null),
        claims.displayname().isFixed());
  }
}
