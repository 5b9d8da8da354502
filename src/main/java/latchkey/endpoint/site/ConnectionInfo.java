package latchkey.endpoint.site;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import jakarta.inject.Singleton;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.Requesters;
import org.jspecify.annotations.Nullable;

/// What an admin asks when the wrong address turns up in a log: how this very request came in.
@Singleton
class ConnectionInfo {
  private final HttpConfig http;
  private final Requesters requesters;

  ConnectionInfo(HttpConfig http, Requesters requesters) {
    this.http = http;
    this.requesters = requesters;
  }

  String of(HttpServerRequest request) {
    var client = requesters.of(request).ipAddress();
    var tls = request.sslSession();
    return """
    client address:   %s
    peer:             %s
    local address:    %s
    X-Forwarded-For:  %s
    protocol:         %s
    TLS:              %s
    public base:      %s
    """
        .formatted(
            client == null ? "unknown" : client,
            text(request.remoteAddress()),
            text(request.localAddress()),
            request.headers().contains("X-Forwarded-For") ? "there" : "absent",
            request.version() == HttpVersion.HTTP_2 ? "HTTP/2" : "HTTP/1.1",
            tls == null ? "no" : tls.getProtocol() + ", " + tls.getCipherSuite(),
            http.publicBase());
  }

  private static String text(@Nullable SocketAddress address) {
    return address == null || address.hostAddress() == null
        ? "a Unix socket"
        : address.hostAddress() + " port " + address.port();
  }
}
