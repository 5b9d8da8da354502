package latchkey.endpoint.consent;

import jakarta.inject.Singleton;
import java.util.List;
import latchkey.base.matrix.MatrixScope;
import latchkey.base.system.Ids;
import latchkey.base.web.AccountStatePage;
import latchkey.base.web.Continuation;
import latchkey.base.web.DeviceName;
import latchkey.base.web.Frames;
import latchkey.base.web.PublicHost;
import latchkey.base.web.Requester;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import latchkey.domain.client.ClientView;
import latchkey.domain.grant.PendingGrant;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.policy.Violation;
import latchkey.domain.user.UserView;

/// Fills the pages of this room.
@Singleton
class ConsentPages {
  private final Frames frames;
  private final Homeserver homeserver;

  ConsentPages(Frames frames, Homeserver homeserver) {
    this.frames = frames;
    this.homeserver = homeserver;
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
      String csrf,
      String cancelUrl) {
    return new ConsentPage(
        frame,
        csrf,
        Ids.text(grant.id()),
        homeserver.serverName(),
        matrixId(user),
        asker(client, grant.redirectUri()),
        ScopeWords.of(grant.scope()),
        MatrixScope.deviceId(grant.scope())
            .map(
                id ->
                    new ConsentPage.Device(
                        DeviceName.of(
                            frame.translation(), client.displayName(), requester.userAgent()),
                        id))
            .orElse(null),
        cancelUrl);
  }

  Page refusal(
      Frame frame,
      PendingGrant grant,
      ClientView client,
      UserView user,
      List<Violation> violations,
      String csrf,
      String cancelUrl) {
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
        cancelUrl);
  }

  Page inactive(Frame frame, UserView user, Continuation next, String csrf) {
    return user.deactivated()
        ? AccountStatePage.deactivated(frame, matrixId(user), csrf, next.parameters())
        : AccountStatePage.locked(frame, matrixId(user), csrf, next.parameters());
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
    return "@" + user.username() + ":" + homeserver.serverName();
  }
}
