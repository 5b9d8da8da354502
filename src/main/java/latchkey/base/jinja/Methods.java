package latchkey.base.jinja;

import java.util.List;

/// Methods of maps and lists, called as in Python (`configuration.md` 13.4).
final class Methods {
  private Methods() {}

  static void addTo(Library library) {
    library.method(Value.Kind.MAP, "keys", 1, 1, (in, _) -> Seq.iterable(keys(in)));
    library.method(
        Value.Kind.MAP,
        "values",
        1,
        1,
        (in, _) -> Seq.iterable(List.copyOf(Lookup.entries(in.at(0)).values())));
    library.method(
        Value.Kind.MAP,
        "items",
        1,
        1,
        (in, _) -> Seq.iterable(new Dict(Lookup.entries(in.at(0))).pairs()));
    library.method(Value.Kind.MAP, "get", 2, 3, (in, _) -> get(in));
    library.method(
        Value.Kind.SEQUENCE,
        "count",
        2,
        2,
        (in, run) -> {
          var items = Lookup.iterate(in.at(0), run.budget());
          run.budget().charge((long) items.size() * in.at(1).weight());
          return Value.of(items.stream().filter(item -> Order.equal(item, in.at(1))).count());
        });
  }

  private static List<Value> keys(Arguments in) {
    return List.copyOf(Lookup.entries(in.at(0)).keySet());
  }

  /// None without a default.
  private static Value get(Arguments in) {
    var found = Lookup.entries(in.at(0)).get(in.at(1));
    return found != null ? found : in.has(2) ? in.at(2) : Nothing.NONE;
  }
}
