package latchkey.endpoint.upstream;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.Optional;
import latchkey.domain.lifecycle.BecomeByName;
import latchkey.domain.lifecycle.RegisterThroughProvider;
import latchkey.domain.upstream.ClaimsImports.OnConflict;
import latchkey.domain.upstream.ImportClaims;
import latchkey.domain.upstream.ImportOutcome;
import latchkey.domain.user.UserView;
import latchkey.endpoint.upstream.Gate.Judgement.Admitted;
import latchkey.endpoint.upstream.MeetArrival.Outcome;

/// What becomes of somebody whose link is nobody's yet (`pages.md` 5.4 to 5.6): an account of their
/// own, the one that has their name, or none.
@Singleton
class MeetNewcomer {
  private final Arrivals arrivals;
  private final DraftAccount draftAccount;
  private final CheckForm checkForm;
  private final Gate gate;
  private final BecomeByName becomeByName;
  private final SignIn signIn;
  private final Endings endings;
  private final Refusals refusals;
  private final UpstreamPages pages;

  MeetNewcomer(
      Arrivals arrivals,
      DraftAccount draftAccount,
      CheckForm checkForm,
      Gate gate,
      BecomeByName becomeByName,
      SignIn signIn,
      Endings endings,
      Refusals refusals,
      UpstreamPages pages) {
    this.arrivals = arrivals;
    this.draftAccount = draftAccount;
    this.checkForm = checkForm;
    this.gate = gate;
    this.becomeByName = becomeByName;
    this.signIn = signIn;
    this.endings = endings;
    this.refusals = refusals;
    this.pages = pages;
  }

  /// @param form about a new account, if it was sent
  Outcome handle(Arrival arrival, Admitted admitted, Visit visit, Optional<RegisterForm> form)
      throws SQLException {
    return switch (ImportClaims.handle(arrival.provider().claims(), arrival.completed().claims())) {
      case ImportOutcome.Refused(var unfit) -> {
        refusals.record(arrival.provider(), arrival.trip(), arrival.link(), unfit.toString());
        yield new Outcome.Show(
            500, pages.incomplete(arrival.provider(), arrival.next(), visit.requester()));
      }
      case ImportOutcome.Imported claims ->
          switch (draftAccount.handle(claims, admitted.verdict(), visit.requester())) {
            case DraftAccount.Outcome.Offered(var offer) ->
                offered(arrival, admitted, offer, visit, form);
            case DraftAccount.Outcome.Somebody(var user) -> somebody(arrival, user, visit);
            case DraftAccount.Impossible why -> impossible(arrival, why, visit);
          };
    };
  }

  private Outcome offered(
      Arrival arrival, Admitted admitted, Offer offer, Visit visit, Optional<RegisterForm> sent)
      throws SQLException {
    boolean asks = !arrival.provider().claims().skipConfirmation();
    if (asks && sent.isEmpty()) {
      var form = RegisterForm.of(offer);
      return new Outcome.Show(
          200, pages.register(arrival, offer, form, RegisterErrors.NONE, visit));
    }
    var form = asks ? sent.orElseThrow() : RegisterForm.of(offer);
    return switch (checkForm.handle(offer, form, asks, admitted.verdict(), visit.requester())) {
      case CheckForm.Outcome.Wrong(var errors) ->
          new Outcome.Show(200, pages.register(arrival, offer, form, errors, visit));
      case CheckForm.Outcome.Impossible(var why) -> impossible(arrival, why, visit);
      case CheckForm.Outcome.Good(var account) ->
          register(arrival, admitted, offer, form, account, visit);
    };
  }

  private Outcome register(
      Arrival arrival,
      Admitted admitted,
      Offer offer,
      RegisterForm form,
      RegisterThroughProvider.NewAccount account,
      Visit visit)
      throws SQLException {
    try {
      var session = signIn.registered(arrival, admitted, account, visit, language(arrival, visit));
      return new Outcome.SignedIn(
          session, account.username(), arrival.next(), arrival.underway(), false);
    } catch (RegisterThroughProvider.Refused refused) {
      return switch (refused.taken()) {
        case USERNAME ->
            offer.usernameFixed()
                ? impossible(
                    arrival,
                    DraftAccount.Impossible.of(DraftAccount.Reason.USER_EXISTS, account.username()),
                    visit)
                : new Outcome.Show(
                    200,
                    pages.register(
                        arrival,
                        offer,
                        form,
                        RegisterErrors.NONE.withUsername(RegisterErrors.usernameExists()),
                        visit));
        case EMAIL ->
            impossible(
                arrival,
                DraftAccount.Impossible.of(
                    DraftAccount.Reason.EMAIL_IN_USE, String.valueOf(account.email())),
                visit);
        case LINK -> throw Refusals.over("the link is somebody's meanwhile");
      };
    }
  }

  /// The name is that of somebody who is here: what the admin wants then, happens.
  private Outcome somebody(Arrival arrival, UserView user, Visit visit) throws SQLException {
    var rule = arrival.provider().claims().localpart().onConflict();
    boolean allowed =
        rule != OnConflict.FAIL && (rule != OnConflict.SET || !arrivals.hasLink(arrival, user));
    var why = DraftAccount.Impossible.of(DraftAccount.Reason.USER_EXISTS, user.username());
    if (!allowed) {
      return impossible(arrival, why, visit);
    }
    if (!user.isActive()) {
      return endings.inactive(arrival, user, visit);
    }
    var obstacle = becomeByName.obstacle(user, arrival.provider());
    if (obstacle.isPresent()) {
      return impossible(arrival, why, why.reason().code() + ", and " + obstacle.get(), visit);
    }
    // Until now they were judged as somebody new.
    var claims = arrival.completed().claims();
    return switch (gate.judge(arrival.provider(), claims, Optional.of(user), visit.requester())) {
      case Gate.Judgement.Refused refused -> endings.refused(arrival, refused, visit);
      case Admitted admitted ->
          endings.signedIn(
              arrival,
              user.id(),
              user.username(),
              signIn.byName(arrival, admitted, user.id(), visit, language(arrival, visit)));
    };
  }

  private Outcome impossible(Arrival arrival, DraftAccount.Impossible why, Visit visit)
      throws SQLException {
    return impossible(arrival, why, why.forAdmin(), visit);
  }

  /// @param reason for an admin
  private Outcome impossible(
      Arrival arrival, DraftAccount.Impossible why, String reason, Visit visit)
      throws SQLException {
    refusals.record(arrival.provider(), arrival.trip(), arrival.link(), reason);
    return new Outcome.Show(
        200,
        pages.refused(arrival.provider(), arrival.link(), why, arrival.next(), visit.requester()));
  }

  private String language(Arrival arrival, Visit visit) {
    return pages.frame(arrival.next(), visit.requester()).language();
  }
}
