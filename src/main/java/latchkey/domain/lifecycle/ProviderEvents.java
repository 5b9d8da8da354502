package latchkey.domain.lifecycle;

import io.vertx.core.json.JsonObject;
import java.util.UUID;
import latchkey.base.system.Ids;
import latchkey.domain.upstream.ProviderConfig;
import latchkey.domain.upstream.Providers;
import latchkey.domain.upstream.UpstreamLinkView;

/// What audit events about accounts at providers have in common.
public final class ProviderEvents {
  private ProviderEvents() {}

  public static JsonObject details(ProviderConfig provider) {
    return details(provider.id(), Providers.nameOf(provider));
  }

  static JsonObject details(UUID provider, String name) {
    return new JsonObject().put("provider_id", Ids.text(provider)).put("provider_name", name);
  }

  /// Ids only: who it is there, the link itself says.
  static JsonObject details(UpstreamLinkView link) {
    return new JsonObject()
        .put("provider_id", Ids.text(link.providerId()))
        .put("link_id", Ids.text(link.id()));
  }
}
