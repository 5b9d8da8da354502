package latchkey.endpoint.upstream;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.web.HeldSession;
import latchkey.domain.lifecycle.BecomeByName;
import latchkey.domain.lifecycle.LinkProvider;
import latchkey.domain.lifecycle.RegisterThroughProvider;
import latchkey.domain.lifecycle.RegisterThroughProvider.NewAccount;
import latchkey.domain.session.BrowserSessions;
import latchkey.domain.upstream.UpstreamRules;
import latchkey.domain.upstream.UpstreamSessionRepository;
import latchkey.domain.user.Users;
import latchkey.endpoint.upstream.Gate.Judgement.Admitted;

/// Lets somebody in who came back: the trip ends in a browser session, and with it whatever else
/// they get, all or nothing.
@Singleton
class SignIn {
  private final BrowserSessions browserSessions;
  private final UpstreamSessionRepository trips;
  private final RegisterThroughProvider register;
  private final LinkProvider linkProvider;
  private final BecomeByName becomeByName;
  private final Gate gate;
  private final Users users;
  private final UpstreamRules rules;
  private final Clock clock;

  SignIn(
      BrowserSessions browserSessions,
      UpstreamSessionRepository trips,
      RegisterThroughProvider register,
      LinkProvider linkProvider,
      BecomeByName becomeByName,
      Gate gate,
      Users users,
      UpstreamRules rules,
      Clock clock) {
    this.browserSessions = browserSessions;
    this.trips = trips;
    this.register = register;
    this.linkProvider = linkProvider;
    this.becomeByName = becomeByName;
    this.gate = gate;
    this.users = users;
    this.rules = rules;
    this.clock = clock;
  }

  /// As the user whose the link is.
  @Transactional
  public HeldSession known(
      Arrival arrival, Admitted admitted, UUID user, Visit visit, String language)
      throws SQLException {
    var claims = arrival.completed().claims();
    if (!gate.welcome(arrival.provider(), arrival.link().id(), user, claims, admitted)) {
      throw Refusals.over("the link was taken from its user meanwhile");
    }
    return open(arrival, user, visit, language);
  }

  /// As somebody new.
  ///
  /// @throws RegisterThroughProvider.Refused if something is taken
  @Transactional
  public HeldSession registered(
      Arrival arrival, Admitted admitted, NewAccount account, Visit visit, String language)
      throws SQLException {
    var user = register.handle(account, arrival.link());
    gate.welcomeFirst(
        arrival.provider(),
        arrival.link().id(),
        user,
        Optional.ofNullable(account.email()),
        admitted);
    return open(arrival, user, visit, language);
  }

  /// As the user whose name it is. Refuses what the rule of the provider does not allow.
  @Transactional
  public HeldSession byName(
      Arrival arrival, Admitted admitted, UUID user, Visit visit, String language)
      throws SQLException {
    var rule = arrival.provider().claims().localpart().onConflict();
    if (!linkProvider.handleByName(arrival.link(), user, rule)) {
      throw Refusals.over("the link is somebody's meanwhile");
    }
    // The turn of the user is ours now: nobody locks them between this and the end.
    var now = users.find(user);
    if (now.isEmpty() || becomeByName.obstacle(now.get(), arrival.provider()).isPresent()) {
      throw Refusals.over("the account is not to be had by its name meanwhile");
    }
    gate.welcomeFirst(arrival.provider(), arrival.link().id(), user, Optional.empty(), admitted);
    return open(arrival, user, visit, language);
  }

  /// Ties it to the account that somebody is signed in with here. Refuses what is somebody's
  /// meanwhile.
  @Transactional
  public void linked(Arrival arrival, Admitted admitted, UUID user) throws SQLException {
    if (!linkProvider.handle(arrival.trip(), arrival.link(), user)) {
      throw Refusals.over("the link is somebody's meanwhile, or the trip is over");
    }
    gate.welcomeFirst(arrival.provider(), arrival.link().id(), user, Optional.empty(), admitted);
  }

  private HeldSession open(Arrival arrival, UUID user, Visit visit, String language) {
    var now = clock.instant();
    var session =
        browserSessions.vouchedFor(
            visit.cookie(), user, visit.requester(), language, arrival.proof(now));
    var revalidateAt = rules.revalidateAfter(now);
    if (!trips.consume(arrival.trip(), session.id(), revalidateAt, now)) {
      throw Refusals.over("the trip is over");
    }
    return session;
  }
}
