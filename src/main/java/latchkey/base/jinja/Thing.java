package latchkey.base.jinja;

import java.util.Map;

/// What is no plain value: it can be called, or it changes.
abstract non-sealed class Thing implements Value {
  /// What can be looked up in it.
  Map<String, Value> attributes() {
    return Map.of();
  }

  Value call(Run run, Arguments arguments) {
    throw new Failure("value of type " + kind() + " is not callable");
  }

  Value callMethod(Run run, String method, Arguments arguments) {
    throw unknownMethod(this, method);
  }

  static Failure unknownMethod(Value value, String method) {
    return new Failure(value.kind() + " has no method named " + method);
  }

  /// All it holds: printing or comparing it costs as much.
  @Override
  public int weight() {
    long sum = 1;
    for (var value : attributes().values()) {
      sum += value.weight();
    }
    return (int) Math.min(sum, Budget.WORK);
  }

  /// How it prints.
  abstract String words();

  @Override
  public boolean isTrue() {
    return true;
  }
}
