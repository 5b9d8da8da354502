package latchkey.base.telemetry;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import latchkey.base.config.Kind;
import latchkey.base.config.Section;

/// The section `telemetry` (`configuration.md` 5).
public record TelemetryConfig(Tracing tracing, Metrics metrics, Sentry sentry) {
  /// Where traces go.
  public enum TracingExporter {
    NONE,
    STDOUT,
    OTLP
  }

  /// Where metrics go. Those for Prometheus are fetched from a listener with that resource.
  public enum MetricsExporter {
    NONE,
    STDOUT,
    OTLP,
    PROMETHEUS
  }

  /// How a trace is carried from one service to the next.
  public enum Propagator {
    TRACECONTEXT,
    BAGGAGE,
    JAEGER
  }

  /// @param endpoint used as it is; empty for that of the `OTEL_…` variables
  public record Tracing(
      TracingExporter exporter,
      Optional<URI> endpoint,
      List<Propagator> propagators,
      double sampleRate) {}

  /// @param endpoint used as it is; empty for that of the `OTEL_…` variables
  public record Metrics(MetricsExporter exporter, Optional<URI> endpoint) {}

  /// @param dsn empty if it is off
  public record Sentry(
      Optional<URI> dsn,
      Optional<String> environment,
      double sampleRate,
      double tracesSampleRate) {}

  private static final Kind<Double> RATE = Kind.decimal(0, 1);

  public static TelemetryConfig read(Section root) {
    var telemetry = root.section("telemetry");
    return new TelemetryConfig(
        tracing(telemetry.section("tracing").later()),
        metrics(telemetry.section("metrics")),
        sentry(telemetry.section("sentry").later()));
  }

  private static Tracing tracing(Section tracing) {
    return new Tracing(
        tracing.choice("exporter", TracingExporter.NONE),
        tracing.url("endpoint"),
        tracing.list("propagators", Kind.choice(Propagator.class)),
        tracing.value("sample_rate", RATE, 1.0));
  }

  private static Metrics metrics(Section metrics) {
    metrics.later("endpoint");
    metrics.laterValues("exporter", "stdout", "otlp");
    return new Metrics(metrics.choice("exporter", MetricsExporter.NONE), metrics.url("endpoint"));
  }

  private static Sentry sentry(Section sentry) {
    return new Sentry(
        sentry.url("dsn"),
        sentry.string("environment"),
        sentry.value("sample_rate", RATE, 1.0),
        sentry.value("traces_sample_rate", RATE, 0.0));
  }
}
