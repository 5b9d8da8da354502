package latchkey.domain.upstream;

import jakarta.inject.Singleton;
import latchkey.base.system.Ids;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.Routes;

/// Where providers send people back to; each has its own, so that an answer cannot be taken for
/// another's (RFC 9700 §4.4.2.2).
@Singleton
class CallbackAddress {
  private final HttpConfig http;

  CallbackAddress(HttpConfig http) {
    this.http = http;
  }

  String of(ProviderConfig provider) {
    return http.url(Routes.UPSTREAM_CALLBACK + Ids.text(provider.id()));
  }
}
