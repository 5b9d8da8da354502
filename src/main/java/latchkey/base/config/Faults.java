package latchkey.base.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything that is wrong with a configuration, collected, so that an admin is told once.
public final class Faults {
  /// @param path the key path, such as `http.listeners[0].binds[1].port`; empty for the file as a
  ///   whole
  /// @param problem what is wrong, or what would be right
  public record Fault(Node.@Nullable Mark mark, String path, String problem) {
    @Override
    public String toString() {
      var where = mark == null ? "" : mark + ": ";
      return where + (path.isEmpty() ? "" : path + ": ") + problem;
    }
  }

  private final List<Fault> errors = new ArrayList<>();
  private final List<Fault> warnings = new ArrayList<>();
  private final List<Fault> withoutEffect = new ArrayList<>();

  public void add(Node.@Nullable Mark mark, String path, String problem) {
    add(errors, new Fault(mark, path, problem));
  }

  void warn(Node.@Nullable Mark mark, String path, String problem) {
    add(warnings, new Fault(mark, path, problem));
  }

  /// Notes something that is set and does nothing in this release.
  void noEffect(Node.@Nullable Mark mark, String path) {
    add(withoutEffect, new Fault(mark, path, "has no effect in this release"));
  }

  /// Two readers of one key find the same fault, and one telling is enough.
  private static void add(List<Fault> told, Fault fault) {
    if (!told.contains(fault)) {
      told.add(fault);
    }
  }

  /// The same faults, for one reading to add its own to.
  Faults copy() {
    var copy = new Faults();
    copy.errors.addAll(errors);
    copy.warnings.addAll(warnings);
    return copy;
  }

  public List<Fault> errors() {
    return List.copyOf(errors);
  }

  public List<Fault> warnings() {
    return List.copyOf(warnings);
  }

  public List<Fault> withoutEffect() {
    return List.copyOf(withoutEffect);
  }
}
