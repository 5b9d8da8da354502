package latchkey.base.jinja;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// One rendering: what it may still cost, where it is, and what it did not find.
final class Run {
  private static final int MOST_MISSING = 8;

  private final Budget budget = new Budget();
  private final Variables variables;
  private final Set<String> missing = new LinkedHashSet<>();
  private int line = 1;

  Run(Variables variables) {
    this.variables = variables;
  }

  Budget budget() {
    return budget;
  }

  Library library() {
    return Library.WHOLE;
  }

  /// What stands outside of the template.
  Value variable(String name) {
    var value = variables.find(name);
    if (value != null) {
      return value;
    }
    var function = library().function(name);
    return function == null ? Nothing.UNDEFINED : new Function(function);
  }

  void at(int line) {
    this.line = line;
  }

  int line() {
    return line;
  }

  /// @param path as the template has it; empty if it is no plain path
  void missed(String path) {
    if (!path.isEmpty() && missing.size() < MOST_MISSING) {
      missing.add(path);
    }
  }

  List<String> missing() {
    return List.copyOf(missing);
  }

  /// A function of the language.
  private static final class Function extends Thing {
    private final Builtin builtin;

    Function(Builtin builtin) {
      this.builtin = builtin;
    }

    @Override
    Value call(Run run, Arguments arguments) {
      return builtin.call(arguments, run);
    }

    @Override
    public Kind kind() {
      return Kind.PLAIN;
    }

    @Override
    String words() {
      return "<function " + builtin.name() + ">";
    }
  }
}
