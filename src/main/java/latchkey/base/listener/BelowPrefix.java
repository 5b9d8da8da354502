package latchkey.base.listener;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.core.http.impl.HttpServerRequestWrapper;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A request as the router sees it on a listener with a prefix: without it.
final class BelowPrefix extends HttpServerRequestWrapper {
  private final String prefix;

  private BelowPrefix(HttpServerRequestInternal request, String prefix) {
    super(request);
    this.prefix = prefix;
  }

  /// The request itself if there is no prefix; nothing if it is not below the prefix.
  static Optional<HttpServerRequest> of(HttpServerRequest request, String prefix) {
    if (prefix.isEmpty()) {
      return Optional.of(request);
    }
    var path = request.path();
    boolean below =
        path != null
            && path.startsWith(prefix)
            && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    return below && request instanceof HttpServerRequestInternal inner
        ? Optional.of(new BelowPrefix(inner, prefix))
        : Optional.empty();
  }

  @Override
  public String uri() {
    return without(super.uri());
  }

  @Override
  public @Nullable String path() {
    var path = super.path();
    return path == null ? null : without(path);
  }

  private String without(String uri) {
    var rest = uri.startsWith(prefix) ? uri.substring(prefix.length()) : uri;
    return rest.startsWith("/") ? rest : "/" + rest;
  }
}
