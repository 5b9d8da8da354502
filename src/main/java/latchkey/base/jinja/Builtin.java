package latchkey.base.jinja;

import java.util.Set;

/// A filter, test, function or method of the language, with how many arguments it takes.
///
/// @param least arguments by place, the value it is applied to included
/// @param most the same; negative for any number
/// @param names those that can be passed by name
record Builtin(String name, int least, int most, Set<String> names, Body body) {
  static final Set<String> ANY_NAMES = Set.of("*");

  /// What it does. Its arguments and its result are paid for by the caller; what it does between
  /// the two beyond looking at each once, it pays for itself.
  interface Body {
    Value apply(Arguments arguments, Run run);
  }

  Value call(Arguments arguments, Run run) {
    if (arguments.size() < least) {
      throw new Failure(name + ": an argument is missing");
    }
    if (most >= 0 && arguments.size() > most) {
      throw new Failure(name + ": too many arguments");
    }
    if (!names.equals(ANY_NAMES) && !names.containsAll(arguments.named().keySet())) {
      throw new Failure(name + ": unknown keyword argument");
    }
    run.budget().charge(1 + arguments.weight());
    try {
      var result = body.apply(arguments, run);
      run.budget().charge(result.weight());
      return result;
    } catch (Failure e) {
      throw e.reason().startsWith(name + ": ") ? e : new Failure(name + ": " + e.reason());
    }
  }
}
