package latchkey.domain.notice;

import jakarta.inject.Singleton;
import latchkey.base.language.Translation;
import latchkey.domain.client.ClientView;
import latchkey.domain.client.Clients;

/// What an incident's app is called: by its registration, or, where a legacy client has none, by
/// the name it gave its device.
@Singleton
public class ClientNames {
  private final Clients clients;

  ClientNames(Clients clients) {
    this.clients = clients;
  }

  public String of(Incident incident, Translation translation) {
    if (incident.client() != null) {
      return clients.find(incident.client()).map(ClientView::displayName).orElse("?");
    }
    var name = incident.sessionName();
    return name == null || name.isBlank() ? translation.say("latchkey.notice.some_app") : name;
  }
}
