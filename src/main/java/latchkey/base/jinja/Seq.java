package latchkey.base.jinja;

import java.util.List;

/// A list, or what can be walked through like one.
final class Seq implements Value {
  /// How much of a list it is.
  enum Form {
    LIST,
    /// What a slice, a range or the keys of a map are.
    ITERABLE,
    /// What the filter `split` gives: its length is not known before the end.
    UNSIZED
  }

  private final List<Value> items;
  private final Form form;
  private final List<String> names;
  private final Measure measure;

  private Seq(List<Value> items, Form form, List<String> names) {
    this.items = List.copyOf(items);
    this.form = form;
    this.names = names;
    this.measure = new Measure();
    this.items.forEach(measure::add);
  }

  static Seq list(List<Value> items) {
    return new Seq(items, Form.LIST, List.of());
  }

  static Seq list(Value... items) {
    return list(List.of(items));
  }

  static Seq iterable(List<Value> items) {
    return new Seq(items, Form.ITERABLE, List.of());
  }

  static Seq unsized(List<Value> items) {
    return new Seq(items, Form.UNSIZED, List.of());
  }

  /// A list whose items have names as well.
  static Seq named(List<String> names, List<Value> items) {
    return new Seq(items, Form.LIST, names);
  }

  List<Value> items() {
    return items;
  }

  boolean isSized() {
    return form != Form.UNSIZED;
  }

  /// The item of that name; undefined without one.
  Value named(String name) {
    int index = names.indexOf(name);
    return index < 0 ? Nothing.UNDEFINED : items.get(index);
  }

  @Override
  public Kind kind() {
    return form == Form.LIST ? Kind.SEQUENCE : Kind.ITERABLE;
  }

  @Override
  public int weight() {
    return measure.weight();
  }

  @Override
  public int depth() {
    return measure.depth();
  }

  @Override
  public boolean isTrue() {
    return !isSized() || !items.isEmpty();
  }
}
