package latchkey.endpoint.consent;

import jakarta.inject.Singleton;
import java.util.List;
import latchkey.base.language.Message;
import latchkey.base.matrix.MatrixScope;
import latchkey.base.system.Ids;
import latchkey.base.web.AccountStatePage;
import latchkey.base.web.Continuation;
import latchkey.base.web.DeviceName;
import latchkey.base.web.Frames;
import latchkey.base.web.PublicHost;
import latchkey.base.web.Requester;
import latchkey.base.web.WayBack;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import latchkey.domain.client.ClientView;
import latchkey.domain.grant.AccountQuestion;
import latchkey.domain.grant.PendingGrant;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.policy.Violation;
import latchkey.domain.session.ChooseSessions;
import latchkey.domain.user.UserView;

/// Fills the pages of this room.
@Singleton
class ConsentPages {
  private final Frames frames;
  private final Homeserver homeserver;
  private final ClientAnswers answers;
  private final ChooseSessions chooseSessions;

  ConsentPages(
      Frames frames, Homeserver homeserver, ClientAnswers answers, ChooseSessions chooseSessions) {
    this.frames = frames;
    this.homeserver = homeserver;
    this.answers = answers;
    this.chooseSessions = chooseSessions;
  }

  Frame frame(Requester requester, PendingGrant grant) {
    return frames.frame(requester, grant.locale());
  }

  Page question(
      Frame frame,
      PendingGrant grant,
      ClientView client,
      UserView user,
      Requester requester,
      String csrf) {
    return new ConsentPage(
        frame,
        csrf,
        Ids.text(grant.id()),
        homeserver.serverName(),
        matrixId(user),
        Ids.text(user.id()),
        asker(client, grant.redirectUri()),
        ScopeWords.of(grant.asked()),
        MatrixScope.deviceId(grant.scope())
            .map(
                id ->
                    new ConsentPage.Device(
                        DeviceName.of(
                            frame.translation(), client.displayName(), requester.userAgent()),
                        id))
            .orElse(null),
        wayBack(grant));
  }

  Page refusal(
      Frame frame,
      PendingGrant grant,
      ClientView client,
      UserView user,
      List<Violation> violations,
      String csrf) {
    long excess = Violation.sessionsToRemove(violations);
    return new PolicyRefusalPage(
        frame,
        csrf,
        Ids.text(grant.id()),
        homeserver.serverName(),
        matrixId(user),
        client.displayName(),
        violations.stream()
            .map(violation -> new PolicyRefusalPage.Reason(violation.code(), violation.message()))
            .distinct()
            .toList(),
        excess,
        excess == 0
            ? List.of()
            : chooseSessions.handle(
                user.id(), MatrixScope.deviceId(grant.scope()).orElse(null), frame.translation()),
        new Continuation.ContinueGrant(grant.id()).choosePath().substring(1),
        wayBack(grant));
  }

  Page account(
      Frame frame,
      AccountQuestion question,
      PendingGrant grant,
      ClientView client,
      UserView user,
      String csrf) {
    var name = client.displayName();
    return new ChooseAccountPage(
        frame,
        csrf,
        Ids.text(grant.id()),
        kind(question),
        heading(question).with("client_name", name),
        text(question).with("client_name", name).with("mxid", matrixId(user)),
        matrixId(user),
        Ids.text(user.id()),
        grant.demands().allow(user.id()),
        wayBack(grant));
  }

  private static String kind(AccountQuestion question) {
    return switch (question) {
      case AccountQuestion.WrongAccount _ -> "wrong_account";
      case AccountQuestion.HintsAtAnother _ -> "login_hint";
      case AccountQuestion.HasAccount _ -> "create";
      case AccountQuestion.Choose _ -> "select_account";
    };
  }

  private static Message heading(AccountQuestion question) {
    return switch (question) {
      case AccountQuestion.WrongAccount _ -> Message.of("latchkey.account.wrong.heading");
      case AccountQuestion.HasAccount _ -> Message.of("latchkey.account.has.heading");
      case AccountQuestion.HintsAtAnother _, AccountQuestion.Choose _ ->
          Message.of("latchkey.account.which");
    };
  }

  private static Message text(AccountQuestion question) {
    return switch (question) {
      case AccountQuestion.WrongAccount _ -> Message.of("latchkey.account.wrong.text");
      case AccountQuestion.HintsAtAnother(var other) ->
          Message.of("latchkey.account.hinted").with("other", other);
      case AccountQuestion.HasAccount _ -> Message.of("latchkey.account.has.text");
      case AccountQuestion.Choose _ -> Message.of("latchkey.account.choose");
    };
  }

  private WayBack wayBack(PendingGrant grant) {
    return WayBack.of(answers.refused(grant));
  }

  Page inactive(Frame frame, UserView user, Continuation next, String csrf) {
    return AccountStatePage.inactive(
        frame, user.deactivated(), matrixId(user), csrf, next.parameters());
  }

  Page ended(Frame frame, Continuation next, String csrf) {
    return AccountStatePage.ended(frame, csrf, next.parameters());
  }

  private static ConsentPage.Asker asker(ClientView client, String redirectUri) {
    var metadata = client.metadata();
    return new ConsentPage.Asker(
        client.displayName(),
        PublicHost.initial(client.displayName()),
        PublicHost.of(metadata.uri()).orElseGet(() -> PublicHost.ofRedirect(redirectUri)),
        metadata.logoUri(),
        metadata.policyUri(),
        metadata.tosUri());
  }

  private String matrixId(UserView user) {
    return homeserver.matrixId(user.username()).toString();
  }
}
