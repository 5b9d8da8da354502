package latchkey.base.web;

import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import org.jboss.logging.MDC;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/// Puts the name of a request on every log line that is written while a room works on it.
@Singleton
public class RequestContext {
  @ServerRequestFilter
  public void name(HttpServerRequest request) {
    MDC.put(RequestIds.CONTEXT, request.getHeader(RequestIds.HEADER));
  }
}
