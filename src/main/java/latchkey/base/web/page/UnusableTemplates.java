package latchkey.base.web.page;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Templates or translations that pages cannot be made with; in words for the admin.
public final class UnusableTemplates extends Exception {
  private final transient List<String> faults;

  UnusableTemplates(List<String> faults, @Nullable Throwable cause) {
    super(String.join("\n", faults), cause);
    this.faults = List.copyOf(faults);
  }

  /// Each with file, line and reason.
  public List<String> faults() {
    return faults;
  }
}
