package latchkey.base.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Filters that take or make lists and maps, without sorting.
final class ListFilters {
  private ListFilters() {}

  static void addTo(Library library) {
    library.filter("length", 1, 1, (in, _) -> length(in.at(0)));
    library.filter("count", 1, 1, (in, _) -> length(in.at(0)));
    library.filter("first", 1, 1, (in, run) -> first(in.at(0), run));
    library.filter("last", 1, 1, (in, run) -> last(in.at(0), run));
    library.filter("list", 1, 1, (in, run) -> Seq.list(Lookup.iterate(in.at(0), run.budget())));
    library.filter("items", 1, 1, (in, _) -> items(in.at(0)));
    library.filter("join", 1, 2, (in, run) -> join(in, run));
    library.filter("reverse", 1, 1, (in, run) -> reverse(in.at(0), run));
    library.filter("attr", 2, 2, (in, _) -> Lookup.item(in.at(0), in.at(1)));
    library.filter("default", 1, 3, (in, _) -> otherwise(in));
    library.filter("d", 1, 3, (in, _) -> otherwise(in));
    library.filter("batch", 2, 3, ListFilters::batch);
    library.filter("slice", 2, 3, ListFilters::slice);
    library.filter("chain", 1, -1, (in, run) -> chain(in.positional(), run));
    library.filter("zip", 1, -1, (in, run) -> zip(in.positional(), run));
    library.filter("map", 1, -1, Set.of("attribute", "default"), ListFilters::map);
    library.filter("select", 1, -1, (in, run) -> select(in, run, true, false));
    library.filter("reject", 1, -1, (in, run) -> select(in, run, false, false));
    library.filter("selectattr", 2, -1, (in, run) -> select(in, run, true, true));
    library.filter("rejectattr", 2, -1, (in, run) -> select(in, run, false, true));
  }

  private static Value length(Value value) {
    int length = Lookup.length(value);
    if (length < 0) {
      throw new Failure("cannot calculate length of value of type " + value.kind());
    }
    return Value.of(length);
  }

  private static Value first(Value value, Run run) {
    var text = value.asText();
    if (text != null) {
      return text.isEmpty() ? Nothing.UNDEFINED : Value.of(Character.toString(text.codePointAt(0)));
    }
    if (value instanceof Bytes || value.isNothing() || !Lookup.isIterable(value)) {
      throw new Failure("cannot get first item from value");
    }
    var items = Lookup.iterate(value, run.budget());
    return items.isEmpty() ? Nothing.UNDEFINED : items.getFirst();
  }

  private static Value last(Value value, Run run) {
    var text = value.asText();
    if (text != null) {
      return text.isEmpty()
          ? Nothing.UNDEFINED
          : Value.of(Character.toString(text.codePointBefore(text.length())));
    }
    if (value instanceof Seq seq) {
      return seq.items().isEmpty() ? Nothing.UNDEFINED : seq.items().getLast();
    }
    throw new Failure("cannot get last item from value");
  }

  private static Value items(Value value) {
    if (value.kind() != Value.Kind.MAP) {
      throw new Failure("cannot convert value into pairs");
    }
    return Seq.iterable(new Dict(Lookup.entries(value)).pairs());
  }

  private static Value join(Arguments in, Run run) {
    if (!Lookup.isIterable(in.at(0))) {
      throw new Failure("cannot join value of type " + in.at(0).kind());
    }
    var separator = in.has(1) ? in.text(1, run) : "";
    return join(Lookup.iterate(in.at(0), run.budget()), separator, run);
  }

  static Value join(List<Value> items, String separator, Run run) {
    var out = new Text(run.budget());
    for (int i = 0; i < items.size(); i++) {
      out.add(i == 0 ? "" : separator);
      out.add(Display.of(items.get(i), run.budget()));
    }
    return out.value();
  }

  /// A map has its order from its keys, and keeps it.
  private static Value reverse(Value value, Run run) {
    return switch (value) {
      case Nothing _ -> value;
      case Value.Str(var text, _) -> {
        var out = new StringBuilder();
        Lookup.characters(text).reversed().forEach(c -> out.append(Convert.string(c)));
        yield Value.of(out.toString());
      }
      case Bytes bytes -> {
        var content = bytes.content();
        for (int i = 0; i < content.length; i++) {
          content[i] = (byte) bytes.at(content.length - 1 - i);
        }
        yield new Bytes(content);
      }
      case Value _ when value.kind() == Value.Kind.MAP ->
          Seq.iterable(Lookup.iterate(value, run.budget()));
      case Value _ when Lookup.isIterable(value) ->
          Seq.iterable(Lookup.iterate(value, run.budget()).reversed());
      case Value _ -> throw new Failure("cannot reverse values of type " + value.kind());
    };
  }

  private static Value otherwise(Arguments in) {
    boolean lax = in.at(2).isTrue();
    boolean isMissing = in.at(0).isUndefined() || (lax && !in.at(0).isTrue());
    return !isMissing ? in.at(0) : in.size() > 1 ? in.at(1) : Value.of("");
  }

  private static Value batch(Arguments in, Run run) {
    int count = requireCount(in);
    var batches = new ArrayList<Value>();
    var items = Lookup.iterate(in.at(0), run.budget());
    for (int at = 0; at < items.size(); at += Math.min(count, items.size())) {
      var batch =
          new ArrayList<>(items.subList(at, (int) Math.min((long) at + count, items.size())));
      int open = count - batch.size();
      if (in.has(2) && open > 0) {
        run.budget().charge((long) open * in.at(2).weight());
        batch.addAll(Collections.nCopies(open, in.at(2)));
      }
      batches.add(Seq.list(batch));
    }
    return Seq.list(batches);
  }

  private static Value slice(Arguments in, Run run) {
    int count = requireCount(in);
    run.budget().charge(count);
    var items = Lookup.iterate(in.at(0), run.budget());
    int size = items.size() / count;
    int longer = items.size() % count;
    var slices = new ArrayList<Value>();
    int at = 0;
    for (int i = 0; i < count; i++) {
      int end = at + size + (i < longer ? 1 : 0);
      var slice = new ArrayList<>(items.subList(at, end));
      if (in.has(2) && i >= longer) {
        slice.add(in.at(2));
      }
      slices.add(Seq.list(slice));
      at = end;
    }
    return Seq.list(slices);
  }

  private static int requireCount(Arguments in) {
    int count = Convert.size(in.at(1));
    if (count == 0) {
      throw new Failure("count cannot be 0");
    }
    return count;
  }

  /// Later maps win.
  private static Value chain(List<Value> values, Run run) {
    if (values.stream().allMatch(value -> value.kind() == Value.Kind.MAP)) {
      var all = new TreeMap<Value, Value>(Order.OF_VALUES);
      values.forEach(value -> all.putAll(Lookup.entries(value)));
      return new Dict(all);
    }
    var all = new ArrayList<Value>();
    values.forEach(value -> all.addAll(Lookup.iterate(value, run.budget())));
    boolean areLists = values.stream().allMatch(value -> value.kind() == Value.Kind.SEQUENCE);
    return areLists ? Seq.list(all) : Seq.unsized(all);
  }

  private static Value zip(List<Value> values, Run run) {
    for (var value : values) {
      if (!Lookup.isIterable(value)) {
        throw new Failure("zip filter argument must be iterable, got " + value.kind());
      }
    }
    var columns = values.stream().map(value -> Lookup.iterate(value, run.budget())).toList();
    int length = columns.stream().mapToInt(List::size).min().orElse(0);
    var rows = new ArrayList<Value>();
    for (int i = 0; i < length; i++) {
      int row = i;
      rows.add(Seq.list(columns.stream().map(column -> column.get(row)).toList()));
    }
    boolean isSized = values.stream().allMatch(value -> Lookup.length(value) >= 0);
    return isSized ? Seq.iterable(rows) : Seq.unsized(rows);
  }

  private static Value map(Arguments in, Run run) {
    var items = Lookup.iterate(in.at(0), run.budget());
    var mapped = new ArrayList<Value>();
    if (in.has("attribute")) {
      if (in.size() > 1) {
        throw new Failure("too many arguments");
      }
      for (var item : items) {
        mapped.add(attribute(item, in, run));
      }
      return Seq.list(mapped);
    }
    if (in.size() < 2) {
      throw new Failure("filter name is required");
    }
    Evaluator.requireFilter(in.string(1), run);
    for (var item : items) {
      mapped.add(
          Evaluator.filter(
              in.string(1), new Arguments(in.from(2).positional(), Map.of()).behind(item), run));
    }
    return Seq.list(mapped);
  }

  private static Value attribute(Value item, Arguments in, Run run) {
    var key = in.named("attribute");
    var otherwise = in.named("default");
    var path = key.asText();
    try {
      var found = path == null ? Lookup.item(item, key) : Lookup.path(item, path, run.budget());
      return found.isUndefined() ? otherwise : found;
    } catch (Failure e) {
      if (otherwise.isUndefined()) {
        throw e;
      }
      return otherwise;
    }
  }

  /// Those of which a test holds, or the attribute if one is named; without a test, those that are
  /// true.
  private static Value select(Arguments in, Run run, boolean wanted, boolean byAttribute) {
    int next = byAttribute ? 2 : 1;
    var selected = new ArrayList<Value>();
    if (in.has(next)) {
      Evaluator.requireTest(in.text(next, run), run);
    }
    for (var item : Lookup.iterate(in.at(0), run.budget())) {
      var tested = byAttribute ? Lookup.path(item, in.text(1, run), run.budget()) : item;
      boolean holds =
          in.has(next)
              ? Evaluator.test(in.text(next, run), in.from(next + 1).behind(tested), run).isTrue()
              : tested.isTrue();
      if (holds == wanted) {
        selected.add(item);
      }
    }
    return Seq.list(selected);
  }
}
