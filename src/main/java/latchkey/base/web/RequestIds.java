package latchkey.base.web;

import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.AtomicLong;

/// Gives each request the name its log lines and its error page share: the method and a count,
/// `POST-71`. It travels in a request header that no client can set, because the listener
/// overwrites it.
final class RequestIds {
  static final String HEADER = "x-latchkey-request";

  private final AtomicLong count = new AtomicLong();

  String assign(HttpServerRequest request) {
    var id = request.method().name() + "-" + count.incrementAndGet();
    request.headers().set(HEADER, id);
    return id;
  }
}
