package latchkey.endpoint.matrix;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import latchkey.base.error.MatrixProblem;

/// Counts logins and logouts under the names dashboards know (`mas.compat.…`).
@Singleton
class CompatCounters {
  private static final int NOT_SUPPORTED = 404;

  /// What is counted by how it ends.
  interface Work<T, E extends Exception> {
    T run() throws E;
  }

  private final MeterRegistry meters;

  CompatCounters(MeterRegistry meters) {
    this.meters = meters;
  }

  <T, E extends Exception> T login(String type, Work<T, E> work) throws E {
    return count("login_request", type, work);
  }

  <T, E extends Exception> T other(String name, Work<T, E> work) throws E {
    return count(name, "", work);
  }

  private <T, E extends Exception> T count(String name, String type, Work<T, E> work) throws E {
    var result = "error";
    try {
      var value = work.run();
      result = "success";
      return value;
    } catch (MatrixProblem e) {
      result = e.status() == NOT_SUPPORTED ? "not_supported" : "error";
      throw e;
    } finally {
      var full = "mas.compat." + name;
      (type.isEmpty()
              ? meters.counter(full, "result", result)
              : meters.counter(full, "type", type, "result", result))
          .increment();
    }
  }
}
