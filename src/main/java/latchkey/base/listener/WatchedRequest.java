package latchkey.base.listener;

import io.quarkus.vertx.http.runtime.filters.AbstractResponseWrapper;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.core.http.impl.HttpServerRequestWrapper;
import org.jspecify.annotations.Nullable;

/// A request as the router gets it, whose end we still hear of: a response has room for one
/// listener of each kind, and the router takes it for itself.
final class WatchedRequest extends HttpServerRequestWrapper {
  private final HttpServerResponse response;

  private WatchedRequest(HttpServerRequestInternal request, Runnable end) {
    super(request);
    this.response = new Response(request.response(), end);
  }

  /// @param end may be run more than once
  static HttpServerRequest of(HttpServerRequest request, Runnable end) {
    return request instanceof HttpServerRequestInternal inner
        ? new WatchedRequest(inner, end)
        : request;
  }

  @Override
  public HttpServerResponse response() {
    return response;
  }

  private static final class Response extends AbstractResponseWrapper {
    private final Runnable end;

    Response(HttpServerResponse response, Runnable end) {
      super(response);
      this.end = end;
    }

    @Override
    public HttpServerResponse closeHandler(@Nullable Handler<Void> handler) {
      super.closeHandler(first(handler));
      return this;
    }

    @Override
    public HttpServerResponse bodyEndHandler(@Nullable Handler<Void> handler) {
      super.bodyEndHandler(first(handler));
      return this;
    }

    private Handler<Void> first(@Nullable Handler<Void> handler) {
      return nothing -> {
        end.run();
        if (handler != null) {
          handler.handle(nothing);
        }
      };
    }
  }
}
