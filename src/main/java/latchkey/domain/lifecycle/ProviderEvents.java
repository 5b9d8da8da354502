package latchkey.domain.lifecycle;

import io.vertx.core.json.JsonObject;
import latchkey.base.system.Ids;
import latchkey.domain.upstream.ProviderConfig;
import latchkey.domain.upstream.Providers;
import latchkey.domain.upstream.UpstreamLinkView;

/// What audit events about accounts at providers have in common.
public final class ProviderEvents {
  private ProviderEvents() {}

  public static JsonObject details(ProviderConfig provider) {
    return new JsonObject()
        .put("provider_id", Ids.text(provider.id()))
        .put("provider_name", Providers.nameOf(provider));
  }

  /// Ids only: who it is there, the link itself says.
  static JsonObject details(UpstreamLinkView link) {
    return new JsonObject()
        .put("provider_id", Ids.text(link.providerId()))
        .put("link_id", Ids.text(link.id()));
  }
}
