package latchkey.base.listener;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import latchkey.base.web.Routes;

/// `http.server.duration`, in milliseconds, with the name of the listener (`cli-and-operations.md`
/// 2.1). No label has a value that a client could make up.
@Singleton
class RequestMetrics {
  /// Those of OpenTelemetry, in milliseconds.
  private static final double[] BUCKETS = {
    5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000
  };

  private static final List<String> USUAL = List.of("GET", "HEAD", "POST");
  private static final double NANOS_PER_MILLI = 1e6;

  private record Labels(
      String listener, HttpVersion version, String method, String route, boolean tls, int status) {}

  private final MeterRegistry meters;
  private final Map<Labels, DistributionSummary> summaries = new ConcurrentHashMap<>();

  RequestMetrics(MeterRegistry meters) {
    this.meters = meters;
  }

  /// Counts a request that is over.
  ///
  /// @param route empty if it found none
  /// @param status as the log has it
  void count(
      String listener,
      Optional<Routes.Route> route,
      HttpServerRequest request,
      int status,
      long nanos) {
    var labels =
        new Labels(
            listener,
            request.version() == HttpVersion.HTTP_2 ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1,
            method(route, request),
            route.map(RequestMetrics::pattern).orElse("FALLBACK"),
            request.isSSL(),
            status);
    summaries.computeIfAbsent(labels, this::summary).record(nanos / NANOS_PER_MILLI);
  }

  private static String method(Optional<Routes.Route> route, HttpServerRequest request) {
    var method = request.method().name();
    boolean known =
        method.equals("OPTIONS") || route.map(Routes.Route::methods).orElse(USUAL).contains(method);
    return known ? method : "_OTHER";
  }

  private static String pattern(Routes.Route route) {
    return route.isPrefix() ? route.path() + "*" : route.path();
  }

  private DistributionSummary summary(Labels labels) {
    return DistributionSummary.builder("http.server.duration")
        .baseUnit("milliseconds")
        .serviceLevelObjectives(BUCKETS)
        .tag("mas.listener.name", labels.listener)
        .tag("network.protocol.name", "http")
        .tag("network.protocol.version", labels.version == HttpVersion.HTTP_2 ? "2" : "1.1")
        .tag("http.request.method", labels.method)
        .tag("http.route", labels.route)
        .tag("url.scheme", labels.tls ? "https" : "http")
        .tag("http.response.status_code", Integer.toString(labels.status))
        .register(meters);
  }
}
