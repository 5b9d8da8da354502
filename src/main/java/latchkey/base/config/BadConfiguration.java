package latchkey.base.config;

import java.util.List;

/// The configuration cannot be used; every reason is in the list.
public final class BadConfiguration extends RuntimeException {
  private final transient List<Faults.Fault> faults;

  public BadConfiguration(List<Faults.Fault> faults) {
    super(message(faults));
    this.faults = List.copyOf(faults);
  }

  public List<Faults.Fault> faults() {
    return faults;
  }

  private static String message(List<Faults.Fault> faults) {
    var text = new StringBuilder("the configuration cannot be used:");
    faults.forEach(fault -> text.append("\n  ").append(fault));
    return text.toString();
  }
}
