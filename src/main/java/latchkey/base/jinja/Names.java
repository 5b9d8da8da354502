package latchkey.base.jinja;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The names a template uses, so that one that means nothing is told before anybody signs in.
final class Names {
  /// Given by the language where they mean something.
  private static final Set<String> GIVEN = Set.of("loop", "caller");

  private record Called(String name, int line) {}

  private final Library library;
  private final Set<String> assigned = new HashSet<>(GIVEN);
  private final List<Called> called = new ArrayList<>();

  Names(Library library) {
    this.library = library;
  }

  void filter(String name, int line) {
    if (library.filter(name) == null) {
      throw new MalformedTemplate(line, "there is no filter `" + name + "`");
    }
  }

  void test(String name, int line) {
    if (library.test(name) == null) {
      throw new MalformedTemplate(line, "there is no test `" + name + "`");
    }
  }

  void assigned(String name) {
    assigned.add(name);
  }

  void called(String name, int line) {
    called.add(new Called(name, line));
  }

  /// Claims are no functions: what is called has to be one of the language, or of the template.
  void checkCalls() {
    for (var call : called) {
      if (!assigned.contains(call.name) && library.function(call.name) == null) {
        throw new MalformedTemplate(call.line, "there is no function `" + call.name + "`");
      }
    }
  }
}
