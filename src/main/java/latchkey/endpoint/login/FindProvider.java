package latchkey.endpoint.login;

import jakarta.inject.Singleton;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import latchkey.base.web.Continuation;
import latchkey.domain.upstream.ProviderConfig;
import latchkey.domain.upstream.Providers;
import latchkey.domain.upstream.UpstreamRules;

/// Tells by an e-mail address which provider its owner comes from (`latchkey.upstream.domains`).
@Singleton
class FindProvider {
  private final UpstreamRules rules;
  private final Providers providers;

  FindProvider(UpstreamRules rules, Providers providers) {
    this.rules = rules;
    this.providers = providers;
  }

  /// Empty for what is no address, and for one of a domain that belongs to none of them.
  Optional<ProviderConfig> handle(String address) {
    return rules.providerOf(address.strip()).flatMap(providers::find);
  }

  /// The way there, which says whom to expect.
  String path(ProviderConfig provider, Continuation next, String address) {
    var path = next.upstreamPath(provider.id());
    return path
        + (path.contains("?") ? "&" : "?")
        + "login_hint="
        + URLEncoder.encode(address.strip(), StandardCharsets.UTF_8);
  }
}
