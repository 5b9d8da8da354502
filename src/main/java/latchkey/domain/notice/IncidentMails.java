package latchkey.domain.notice;

import jakarta.inject.Singleton;
import java.util.List;
import latchkey.base.language.Message;
import latchkey.base.mail.Mail;
import latchkey.base.mail.Mailbox;
import latchkey.base.system.Ids;
import latchkey.base.web.Frames;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.Routes;
import latchkey.base.web.page.Templates;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.session.BrowserSessions;
import latchkey.domain.user.UserView;

/// Writes the mails of this thing, in the language their user last signed in with.
@Singleton
class IncidentMails {
  private final Templates templates;
  private final Frames frames;
  private final ClientNames clientNames;
  private final BrowserSessions browserSessions;
  private final Homeserver homeserver;
  private final HttpConfig http;

  IncidentMails(
      Templates templates,
      Frames frames,
      ClientNames clientNames,
      BrowserSessions browserSessions,
      Homeserver homeserver,
      HttpConfig http) {
    this.templates = templates;
    this.frames = frames;
    this.clientNames = clientNames;
    this.browserSessions = browserSessions;
    this.homeserver = homeserver;
    this.http = http;
  }

  Mail of(Incident incident, UserView user, List<Mailbox> to) {
    var language = browserSessions.languageOf(user.id()).orElse(null);
    var translation = templates.catalogue().in(language);
    var frame = frames.frame(translation);
    var told = Told.of(incident, clientNames.of(incident, translation), translation);
    var server = homeserver.serverName();
    var letter =
        told.question()
            ? new SuspicionMail(frame, server, user.username(), told, link(incident))
            : new SessionEndedMail(frame, server, user.username(), told);
    var subject =
        Message.of(
                told.question() ? "latchkey.mail.suspicion.subject" : "latchkey.mail.ended.subject")
            .with("client_name", told.clientName());
    return new Mail(
        Ids.text(incident.id()),
        to,
        translation.say(subject),
        templates.renderText(letter),
        templates.render(letter),
        translation.language());
  }

  private String link(Incident incident) {
    return http.url(Routes.NOTICES + "/" + Ids.text(incident.id()));
  }
}
