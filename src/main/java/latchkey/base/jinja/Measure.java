package latchkey.base.jinja;

/// How large a value is that consists of others. No value is made that is too large or too deep, so
/// walking through one is always possible.
final class Measure {
  private long weight = 1;
  private int depth = 1;

  void add(Value part) {
    if (part instanceof Thing) {
      throw new Failure("a list or a map holds plain values only");
    }
    weight += part.weight();
    depth = Math.max(depth, part.depth() + 1);
    if (weight > Budget.VALUE_WEIGHT) {
      throw new Failure("a value grows too large");
    }
    if (depth > Budget.VALUE_DEPTH) {
      throw new Failure("a value is nested too deeply");
    }
  }

  int weight() {
    return (int) weight;
  }

  int depth() {
    return depth;
  }
}
