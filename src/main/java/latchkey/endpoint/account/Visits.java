package latchkey.endpoint.account;

import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.io.InputStream;
import latchkey.base.web.Bodies;
import latchkey.base.web.Csrf;
import latchkey.base.web.Parameters;
import latchkey.base.web.Requesters;
import latchkey.base.web.SessionCookie;
import org.jspecify.annotations.Nullable;

/// Reads what every request to this room has.
@Singleton
class Visits {
  private final Csrf csrf;
  private final SessionCookie sessionCookie;
  private final Requesters requesters;

  Visits(Csrf csrf, SessionCookie sessionCookie, Requesters requesters) {
    this.csrf = csrf;
    this.sessionCookie = sessionCookie;
    this.requesters = requesters;
  }

  Visit of(HttpServerRequest request) {
    return new Visit(sessionCookie.read(request), requesters.of(request), csrf.token(request));
  }

  /// The form that was sent; refuses one that did not come from a page of ours.
  Parameters form(HttpServerRequest request, @Nullable String contentType, InputStream body) {
    var form = Bodies.form(contentType, body);
    csrf.require(request, form);
    return form;
  }
}
