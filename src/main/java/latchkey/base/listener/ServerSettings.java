package latchkey.base.listener;

import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.KeyCertOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The limits and protocols of our servers: HTTP/1.1 and HTTP/2, by ALPN under TLS and by prior
/// knowledge without.
final class ServerSettings {
  private static final int MAX_HEADERS = 16 * 1024;

  /// Above what the gate refuses in the dialect of the route; beyond this nobody knows the route
  /// any more.
  private static final int MAX_LINE = 64 * 1024;

  private static final Duration IDLE = Duration.ofMinutes(2);
  private static final Duration HANDSHAKE = Duration.ofSeconds(5);

  private ServerSettings() {}

  static HttpServerOptions of(ListenerConfig listener, @Nullable CertificateHolder certificate) {
    var options =
        new HttpServerOptions()
            .setMaxHeaderSize(MAX_HEADERS)
            .setMaxInitialLineLength(MAX_LINE)
            .setInitialSettings(new Http2Settings().setMaxHeaderListSize(MAX_HEADERS))
            .setIdleTimeout((int) IDLE.toSeconds())
            .setIdleTimeoutUnit(TimeUnit.SECONDS)
            .setTcpNoDelay(true)
            .setReuseAddress(true)
            .setUseProxyProtocol(listener.proxyProtocol())
            .setProxyProtocolTimeout(HANDSHAKE.toMillis())
            .setProxyProtocolTimeoutUnit(TimeUnit.MILLISECONDS);
    if (certificate != null) {
      options
          .setSsl(true)
          .setUseAlpn(true)
          .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1))
          .setSslHandshakeTimeout(HANDSHAKE.toMillis())
          .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
          .setKeyCertOptions(KeyCertOptions.wrap(certificate));
    }
    return options;
  }
}
