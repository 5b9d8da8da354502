package latchkey.base.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A value of the configuration, and where it was written.
public sealed interface Node {
  Mark mark();

  /// A place in a file, or the environment (line 0).
  record Mark(String file, int line) {
    @Override
    public String toString() {
      return line == 0 ? file : file + ":" + line;
    }
  }

  record Mapping(Map<String, Node> entries, Mark mark) implements Node {
    public Mapping {
      entries = new LinkedHashMap<>(entries);
    }
  }

  record Items(List<Node> items, Mark mark) implements Node {
    public Items {
      items = List.copyOf(items);
    }
  }

  /// @param value a string, a boolean, an integer, a decimal number, or null
  record Scalar(@Nullable Object value, Mark mark) implements Node {}

  /// Lays `upper` over `lower`: mappings key by key, sequences one after the other, anything else
  /// is replaced.
  static Node merge(Node lower, Node upper) {
    if (lower instanceof Mapping(var below, _) && upper instanceof Mapping(var above, var mark)) {
      var merged = new LinkedHashMap<>(below);
      above.forEach((key, node) -> merged.merge(key, node, Node::merge));
      return new Mapping(merged, mark);
    }
    if (lower instanceof Items(var below, var mark) && upper instanceof Items(var above, _)) {
      var all = new ArrayList<>(below);
      all.addAll(above);
      return new Items(all, mark);
    }
    return upper;
  }

  /// The value as plain Java: maps, lists, strings, numbers, booleans, null.
  static @Nullable Object plain(Node node) {
    return switch (node) {
      case Scalar scalar -> scalar.value();
      case Items items -> {
        var list = new ArrayList<@Nullable Object>();
        items.items().forEach(item -> list.add(plain(item)));
        yield list;
      }
      case Mapping mapping -> {
        var map = new LinkedHashMap<String, @Nullable Object>();
        mapping.entries().forEach((key, value) -> map.put(key, plain(value)));
        yield map;
      }
    };
  }
}
