package latchkey.endpoint.notices;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.stream.Collectors;
import latchkey.base.language.Translation;
import latchkey.base.system.Ids;
import latchkey.base.web.Continuation;
import latchkey.base.web.Frames;
import latchkey.base.web.Requester;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import latchkey.domain.grant.AuthorizationGrants;
import latchkey.domain.grant.PendingGrant;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.notice.ClientNames;
import latchkey.domain.notice.Incident;
import latchkey.domain.notice.Told;
import latchkey.domain.user.UserView;

/// Fills the pages of this room.
@Singleton
class NoticePages {
  private final Frames frames;
  private final ClientNames clientNames;
  private final AuthorizationGrants grants;
  private final Homeserver homeserver;

  NoticePages(
      Frames frames, ClientNames clientNames, AuthorizationGrants grants, Homeserver homeserver) {
    this.frames = frames;
    this.clientNames = clientNames;
    this.grants = grants;
    this.homeserver = homeserver;
  }

  Page told(
      List<Incident> incidents,
      UserView user,
      Continuation next,
      Requester requester,
      String csrf) {
    var frame = frame(next, requester);
    return new NoticesPage(
        frame,
        csrf,
        next.noticesPath().substring(1),
        homeserver.serverName(),
        matrixId(user),
        incidents.stream().map(incident -> told(incident, frame.translation())).toList(),
        incidents.stream().map(Incident::id).map(Ids::text).collect(Collectors.joining(" ")));
  }

  Page question(
      Incident incident, UserView user, Continuation next, Requester requester, String csrf) {
    var frame = frame(next, requester);
    return new SuspicionPage(
        frame,
        csrf,
        next.noticePath(incident.id()).substring(1),
        matrixId(user),
        told(incident, frame.translation()));
  }

  private Told told(Incident incident, Translation translation) {
    return Told.of(incident, clientNames.of(incident, translation), translation);
  }

  private Frame frame(Continuation next, Requester requester) {
    return frames.frame(requester, grants.pending(next).map(PendingGrant::locale).orElse(null));
  }

  private String matrixId(UserView user) {
    return homeserver.matrixId(user.username()).toString();
  }
}
