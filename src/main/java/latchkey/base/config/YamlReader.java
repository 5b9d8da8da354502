package latchkey.base.config;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// Reads YAML 1.2 into [Node]s. `yes`, `no` and `on` are strings; an empty file is valid.
public final class YamlReader {
  private final String file;
  private final Faults faults;

  /// @param file its name, for the marks and faults
  public YamlReader(String file, Faults faults) {
    this.file = file;
    this.faults = faults;
  }

  /// The mapping at the top; an empty one if there is none, or if the file cannot be read (which is
  /// a fault).
  public Node.Mapping read(String text) {
    var start = new Node.Mark(file, 1);
    try {
      var settings = LoadSettings.builder().setLabel(file).setSchema(new CoreSchema()).build();
      Optional<org.snakeyaml.engine.v2.nodes.Node> root = new Compose(settings).composeString(text);
      if (root.isEmpty()) {
        return new Node.Mapping(new LinkedHashMap<>(), start);
      }
      return switch (node(root.get(), "")) {
        case Node.Mapping mapping -> mapping;
        case Node.Scalar(var value, var mark) when value == null ->
            new Node.Mapping(new LinkedHashMap<>(), mark);
        case Node other -> {
          faults.add(other.mark(), "", "a file of keys and values was expected");
          yield new Node.Mapping(new LinkedHashMap<>(), start);
        }
      };
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      faults.add(new Node.Mark(file, line), "", "this is no YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      faults.add(start, "", "this is no YAML: " + e.getMessage());
    }
    return new Node.Mapping(new LinkedHashMap<>(), start);
  }

  private Node node(org.snakeyaml.engine.v2.nodes.Node node, String path) {
    var mark = new Node.Mark(file, node.getStartMark().map(start -> start.getLine() + 1).orElse(1));
    return switch (node) {
      case CollectionNode<?> endless when endless.isRecursive() ->
          throw new YamlEngineException("an anchor refers to itself at line " + mark.line());
      case MappingNode mapping -> mapping(mapping, path, mark);
      case SequenceNode sequence -> {
        var items = new ArrayList<Node>();
        for (var item : sequence.getValue()) {
          items.add(node(item, path + "[" + items.size() + "]"));
        }
        yield new Node.Items(items, mark);
      }
      case ScalarNode scalar -> new Node.Scalar(value(scalar), mark);
      default -> new Node.Scalar(null, mark);
    };
  }

  private Node.Mapping mapping(MappingNode mapping, String path, Node.Mark mark) {
    var entries = new LinkedHashMap<String, Node>();
    for (var tuple : mapping.getValue()) {
      if (tuple.getKeyNode() instanceof ScalarNode key) {
        var at = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
        if (entries.put(key.getValue(), node(tuple.getValueNode(), at)) != null) {
          int line = key.getStartMark().map(start -> start.getLine() + 1).orElse(mark.line());
          faults.add(new Node.Mark(file, line), at, "this key is there twice");
        }
      }
    }
    return new Node.Mapping(entries, mark);
  }

  private static @Nullable Object value(ScalarNode scalar) {
    var tag = scalar.getTag();
    var text = scalar.getValue();
    if (tag.equals(Tag.NULL)) {
      return null;
    } else if (tag.equals(Tag.BOOL)) {
      return Boolean.valueOf(text);
    } else if (tag.equals(Tag.INT)) {
      return integer(text);
    } else {
      return tag.equals(Tag.FLOAT) ? decimal(text) : text;
    }
  }

  private static Object integer(String text) {
    try {
      var value =
          text.startsWith("0x")
              ? new BigInteger(text.substring(2), 16)
              : text.startsWith("0o") ? new BigInteger(text.substring(2), 8) : new BigInteger(text);
      return value.bitLength() < 64 ? (Object) value.longValue() : text;
    } catch (NumberFormatException e) {
      return text;
    }
  }

  private static Object decimal(String text) {
    try {
      return Double.valueOf(text);
    } catch (NumberFormatException e) {
      return text;
    }
  }
}
