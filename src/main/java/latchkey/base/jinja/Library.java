package latchkey.base.jinja;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All filters, tests, functions and methods there are (`configuration.md` 13.1–13.4).
final class Library {
  static final Library WHOLE = whole();

  private final Map<String, Builtin> filters = new HashMap<>();
  private final Map<String, Builtin> tests = new HashMap<>();
  private final Map<String, Builtin> functions = new HashMap<>();
  private final Map<Value.Kind, Map<String, Builtin>> methods = new EnumMap<>(Value.Kind.class);

  private Library() {}

  private static Library whole() {
    var library = new Library();
    TextFilters.addTo(library);
    WritingFilters.addTo(library);
    NumberFilters.addTo(library);
    ListFilters.addTo(library);
    SortingFilters.addTo(library);
    EncodingFilters.addTo(library);
    Tests.addTo(library);
    Functions.addTo(library);
    TextMethods.addTo(library);
    Methods.addTo(library);
    return library;
  }

  void filter(String name, int least, int most, Builtin.Body body) {
    filter(name, least, most, Set.of(), body);
  }

  void filter(String name, int least, int most, Set<String> names, Builtin.Body body) {
    filters.put(name, new Builtin(name, least, most, names, body));
  }

  void test(String name, int arguments, Builtin.Body body) {
    tests.put(name, new Builtin(name, arguments, arguments, Set.of(), body));
  }

  void function(String name, int least, int most, Builtin.Body body) {
    functions.put(name, new Builtin(name, least, most, Set.of(), body));
  }

  /// One that takes any names.
  void functionOfNames(String name, int least, int most, Builtin.Body body) {
    functions.put(name, new Builtin(name, least, most, Builtin.ANY_NAMES, body));
  }

  void method(Value.Kind kind, String name, int least, int most, Builtin.Body body) {
    method(kind, new Builtin(name, least, most, Set.of(), body));
  }

  void method(Value.Kind kind, Builtin method) {
    methods.computeIfAbsent(kind, _ -> new HashMap<>()).put(method.name(), method);
  }

  @Nullable Builtin filter(String name) {
    return filters.get(name);
  }

  @Nullable Builtin test(String name) {
    return tests.get(name);
  }

  @Nullable Builtin function(String name) {
    return functions.get(name);
  }

  @Nullable Builtin method(Value.Kind kind, String name) {
    return methods.getOrDefault(kind, Map.of()).get(name);
  }

  Set<String> filterNames() {
    return Set.copyOf(filters.keySet());
  }

  Set<String> testNames() {
    return Set.copyOf(tests.keySet());
  }

  Set<String> functionNames() {
    return Set.copyOf(functions.keySet());
  }

  Set<String> methodNames(Value.Kind kind) {
    return Set.copyOf(methods.getOrDefault(kind, Map.of()).keySet());
  }
}
