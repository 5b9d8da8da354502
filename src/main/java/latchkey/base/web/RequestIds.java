package latchkey.base.web;

import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.AtomicLong;

/// Gives each request the name its log lines and its error page share: the method and a count,
/// `POST-71`. It travels in a request header that no client can set, because the listener
/// overwrites it.
public final class RequestIds {
  public static final String HEADER = "x-latchkey-request";

  /// Under which name log lines find it.
  public static final String CONTEXT = "request";

  private final AtomicLong count = new AtomicLong();

  public String assign(HttpServerRequest request) {
    var id = request.method().name() + "-" + count.incrementAndGet();
    request.headers().set(HEADER, id);
    return id;
  }
}
