package latchkey.base.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `loop`, within one.
final class Loop extends Thing {
  private final List<Value> items;
  private final boolean isSized;
  private final int depth;
  private final Interpreter.Recursion recursion;
  private @Nullable List<Value> lastSeen;
  private int index;

  Loop(List<Value> items, boolean isSized, int depth, Interpreter.Recursion recursion) {
    this.items = items;
    this.isSized = isSized;
    this.depth = depth;
    this.recursion = recursion;
  }

  void moveTo(int index) {
    this.index = index;
  }

  @Override
  Map<String, Value> attributes() {
    Map<String, Value> attributes = new HashMap<>();
    attributes.put("index0", Value.of(index));
    attributes.put("index", Value.of(index + 1L));
    attributes.put("first", Value.of(index == 0));
    attributes.put("depth0", Value.of(depth));
    attributes.put("depth", Value.of(depth + 1L));
    attributes.put("previtem", index == 0 ? Nothing.UNDEFINED : items.get(index - 1));
    attributes.put(
        "nextitem", index + 1 >= items.size() ? Nothing.UNDEFINED : items.get(index + 1));
    attributes.put("length", sized(items.size()));
    attributes.put("revindex", sized(items.size() - (long) index));
    attributes.put("revindex0", sized(items.size() - (long) index - 1));
    attributes.put("last", Value.of(isSized && index == items.size() - 1));
    return attributes;
  }

  private Value sized(long number) {
    return isSized ? Value.of(number) : Nothing.UNDEFINED;
  }

  @Override
  Value call(Run run, Arguments arguments) {
    if (arguments.size() != 1) {
      throw new Failure("loop() takes one argument");
    }
    return recursion.call(arguments.at(0), depth);
  }

  @Override
  Value callMethod(Run run, String method, Arguments arguments) {
    return switch (method) {
      case "changed" -> Value.of(changed(arguments.positional()));
      case "cycle" -> {
        if (arguments.size() == 0) {
          throw new Failure("cycle: an argument is missing");
        }
        yield arguments.at(index % arguments.size());
      }
      default -> throw unknownMethod(this, method);
    };
  }

  private boolean changed(List<Value> seen) {
    boolean same = lastSeen != null && Order.equal(Seq.list(lastSeen), Seq.list(seen));
    lastSeen = seen;
    return !same;
  }

  @Override
  public Kind kind() {
    return Kind.MAP;
  }

  @Override
  String words() {
    return "<loop " + index + "/" + (isSized ? items.size() : "?") + ">";
  }
}
