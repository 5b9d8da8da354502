package latchkey.base.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/// Filters that compare the items of a list with each other.
final class SortingFilters {
  private SortingFilters() {}

  static void addTo(Library library) {
    library.filter("min", 1, 1, (in, run) -> least(in.at(0), run));
    library.filter("max", 1, 1, (in, run) -> most(in.at(0), run));
    library.filter(
        "sort", 1, 1, Set.of("attribute", "case_sensitive", "reverse"), SortingFilters::sort);
    library.filter(
        "dictsort", 1, 1, Set.of("by", "case_sensitive", "reverse"), SortingFilters::sortEntries);
    library.filter(
        "groupby", 1, 2, Set.of("attribute", "default", "case_sensitive"), SortingFilters::group);
    library.filter("unique", 1, 1, Set.of("attribute", "case_sensitive"), SortingFilters::unique);
  }

  private static Value least(Value values, Run run) {
    return Lookup.iterate(values, run.budget()).stream()
        .min(Order.OF_VALUES)
        .orElse(Nothing.UNDEFINED);
  }

  /// The last one of those that are equal.
  private static Value most(Value values, Run run) {
    return Lookup.iterate(values, run.budget()).reversed().stream()
        .max(Order.OF_VALUES)
        .orElse(Nothing.UNDEFINED);
  }

  /// Each item takes part in as many comparisons as there are doublings.
  private static void chargeSorting(Value values, Run run) {
    int doublings = Integer.SIZE - Integer.numberOfLeadingZeros(values.weight());
    run.budget().charge((long) values.weight() * doublings);
  }

  private static Value sort(Arguments in, Run run) {
    var items = new ArrayList<>(Lookup.iterate(in.at(0), run.budget()));
    chargeSorting(in.at(0), run);
    var order = Order.by(in.flag("case_sensitive"), in.flag("reverse"));
    try {
      items.sort(in.has("attribute") ? byAttributes(attributes(in), order, run.budget()) : order);
    } catch (IllegalArgumentException e) {
      // Items without the attribute are equal to all others, which can be a contradiction.
      throw new Failure("these items have no order");
    }
    return Seq.list(items);
  }

  private static List<String> attributes(Arguments in) {
    return Arrays.stream(Convert.string(in.named("attribute")).split(",", -1))
        .filter(name -> !name.isEmpty())
        .map(String::trim)
        .toList();
  }

  private static Comparator<Value> byAttributes(
      List<String> attributes, Comparator<Value> order, Budget budget) {
    if (attributes.size() == 1) {
      return bySingle(attributes.getFirst(), order, budget);
    }
    return Comparator.comparing(
        item ->
            Seq.list(
                attributes.stream()
                    .map(name -> Lookup.path(item, name, Nothing.UNDEFINED, budget))
                    .toList()),
        order);
  }

  /// What has no such attribute stays where it is.
  private static Comparator<Value> bySingle(
      String attribute, Comparator<Value> order, Budget budget) {
    return (left, right) -> {
      var a = found(left, attribute, budget);
      var b = found(right, attribute, budget);
      return a.isEmpty() || b.isEmpty() ? 0 : order.compare(a.getFirst(), b.getFirst());
    };
  }

  private static List<Value> found(Value item, String attribute, Budget budget) {
    try {
      return List.of(Lookup.path(item, attribute, budget));
    } catch (Failure e) {
      return List.of();
    }
  }

  private static Value sortEntries(Arguments in, Run run) {
    if (in.at(0).kind() != Value.Kind.MAP) {
      throw new Failure("cannot convert value into pair list");
    }
    chargeSorting(in.at(0), run);
    boolean byValue = "value".equals(in.named("by").asText());
    var entries = new ArrayList<>(Lookup.entries(in.at(0)).entrySet());
    Function<Map.Entry<Value, Value>, Value> key =
        byValue ? Map.Entry::getValue : Map.Entry::getKey;
    entries.sort(
        Comparator.comparing(key, Order.by(in.flag("case_sensitive"), in.flag("reverse"))));
    return Seq.list(
        entries.stream().map(entry -> (Value) Seq.list(entry.getKey(), entry.getValue())).toList());
  }

  private static Value group(Arguments in, Run run) {
    chargeSorting(in.at(0), run);
    var attribute = Convert.string(in.at(1, "attribute"));
    var otherwise = in.named("default");
    var order = Order.by(in.flag("case_sensitive"), false);
    Function<Value, Value> key = item -> Lookup.path(item, attribute, otherwise, run.budget());
    var items = new ArrayList<>(Lookup.iterate(in.at(0), run.budget()));
    items.sort(Comparator.comparing(key, order));
    var groups = new ArrayList<Value>();
    int from = 0;
    for (int i = 1; i <= items.size(); i++) {
      boolean ends =
          i == items.size()
              || order.compare(key.apply(items.get(i - 1)), key.apply(items.get(i))) != 0;
      if (ends) {
        groups.add(
            Seq.named(
                List.of("grouper", "list"),
                List.of(key.apply(items.get(i - 1)), Seq.iterable(items.subList(from, i)))));
        from = i;
      }
    }
    return Seq.list(groups);
  }

  /// The first of those that are equal.
  private static Value unique(Arguments in, Run run) {
    chargeSorting(in.at(0), run);
    boolean caseSensitive = in.flag("case_sensitive");
    var seen = new TreeSet<Value>(Order.OF_VALUES);
    var first = new ArrayList<Value>();
    for (var item : Lookup.iterate(in.at(0), run.budget())) {
      var key =
          in.has("attribute")
              ? Lookup.path(
                  item, Convert.string(in.named("attribute")), Nothing.UNDEFINED, run.budget())
              : item;
      boolean folds = !caseSensitive && key.asText() != null;
      if (seen.add(folds ? Value.of(Order.lowered(Convert.string(key))) : key)) {
        first.add(item);
      }
    }
    return Seq.list(first);
  }
}
