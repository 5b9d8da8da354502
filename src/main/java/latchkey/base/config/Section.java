package latchkey.base.config;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import latchkey.base.crypto.Secret;
import org.jspecify.annotations.Nullable;

/// A mapping of the configuration as its reader sees it: typed look-ups that note a fault instead
/// of throwing, so that all faults are told at once. What nobody looked up is unknown, and worth a
/// warning.
public final class Section extends Place {
  private static final Secret UNREADABLE = Secret.of("");

  Section(String path, Node.@Nullable Mapping mapping, Reading reading, boolean later) {
    super(path, mapping, reading, later);
  }

  /// The top of a file that is not ours.
  public static Section of(Node.Mapping file, Faults faults) {
    return new Section("", file, new Reading(faults, true, _ -> {}), false);
  }

  /// From here on, nothing in this section has an effect in this release: what is set to something
  /// else than its default is named at start.
  public Section later() {
    allLater();
    return this;
  }

  /// The same for some keys.
  public Section later(String... keys) {
    areLater(List.of(keys));
    return this;
  }

  public <T> Optional<T> value(String key, Kind<T> kind) {
    return find(key, kind, null, false);
  }

  public <T> T value(String key, Kind<T> kind, T otherwise) {
    return find(key, kind, otherwise, false).orElse(otherwise);
  }

  /// @param stand what the reader goes on with after the fault
  public <T> T require(String key, Kind<T> kind, T stand) {
    return find(key, kind, null, true).orElse(stand);
  }

  public <T> List<T> list(String key, Kind<T> kind) {
    reading.hear(new Heard.Values(at(key), kind, isLater(key)));
    var values = new ArrayList<T>();
    var nodes = items(key);
    for (int i = 0; i < nodes.size(); i++) {
      var value = kind.read(nodes.get(i));
      if (value.isEmpty()) {
        faults().add(nodes.get(i).mark(), at(key) + "[" + i + "]", kind.expected());
      }
      value.ifPresent(values::add);
    }
    return values;
  }

  public Optional<String> string(String key) {
    return value(key, Kind.TEXT);
  }

  public String string(String key, String otherwise) {
    return value(key, Kind.TEXT, otherwise);
  }

  public String requireString(String key) {
    return require(key, Kind.TEXT, "");
  }

  public List<String> strings(String key) {
    return list(key, Kind.TEXT);
  }

  public boolean bool(String key, boolean otherwise) {
    return value(key, Kind.BOOLEAN, otherwise);
  }

  public Optional<Long> integer(String key, long min, long max) {
    return value(key, Kind.integer(min, max));
  }

  public long integer(String key, long otherwise, long min, long max) {
    return value(key, Kind.integer(min, max), otherwise);
  }

  public long requireInteger(String key, long min, long max) {
    return require(key, Kind.integer(min, max), min);
  }

  public Duration seconds(String key, long otherwise, long min, long max) {
    return Duration.ofSeconds(value(key, Kind.seconds(min, max), otherwise));
  }

  public Optional<URI> url(String key) {
    return value(key, Kind.URL);
  }

  public Optional<String> oneOf(String key, String... allowed) {
    return value(key, Kind.oneOf(List.of(allowed)));
  }

  public <E extends Enum<E>> Optional<E> choice(String key, Class<E> type) {
    return value(key, Kind.choice(type));
  }

  public <E extends Enum<E>> E choice(String key, E otherwise) {
    return value(key, Kind.choice(otherwise.getDeclaringClass()), otherwise);
  }

  public Section section(String key) {
    reading.hear(new Heard.Mapping(at(key), isLater(key)));
    var node = node(key);
    if (node.isPresent() && !(node.get() instanceof Node.Mapping)) {
      fault(key, Heard.MAPPING_EXPECTED);
    }
    return child(at(key), node.orElse(null), isLater(key));
  }

  public List<Section> sections(String key) {
    reading.hear(new Heard.Mappings(at(key), isLater(key)));
    var sections = new ArrayList<Section>();
    var nodes = items(key);
    for (int i = 0; i < nodes.size(); i++) {
      var at = at(key) + "[" + i + "]";
      if (!(nodes.get(i) instanceof Node.Mapping)) {
        faults().add(nodes.get(i).mark(), at, Heard.MAPPING_EXPECTED);
      }
      sections.add(child(at, nodes.get(i), false));
    }
    return sections;
  }

  /// The value as plain maps and lists.
  public Map<String, @Nullable Object> tree(String key) {
    reading.hear(new Heard.Tree(at(key), isLater(key)));
    var tree = new LinkedHashMap<String, @Nullable Object>();
    switch (node(key).orElse(null)) {
      case null -> {}
      case Node.Mapping(var children, var at) -> {
        children.forEach((name, child) -> tree.put(name, Node.plain(child)));
        noteLater(key, at, !tree.isEmpty());
      }
      case Node _ -> fault(key, Heard.MAPPING_EXPECTED);
    }
    return tree;
  }

  /// Texts by names that are not ours.
  public Map<String, String> texts(String key) {
    return texts(key, "", _ -> "");
  }

  /// The same in their order, where something must hold of each.
  ///
  /// @param must for a sentence
  /// @param problem what is wrong with a text, to be added to that; empty if nothing
  public Map<String, String> texts(String key, String must, UnaryOperator<String> problem) {
    reading.hear(new Heard.Texts(at(key), must, isLater(key)));
    var texts = new LinkedHashMap<String, String>();
    switch (node(key).orElse(null)) {
      case null -> {}
      case Node.Mapping mapping -> {
        var names = child(at(key), mapping, isLater(key));
        for (var name : mapping.entries().keySet()) {
          var text = names.string(name).orElse("");
          texts.put(name, text);
          var wrong = problem.apply(text);
          if (!wrong.isEmpty()) {
            names.fault(name, must + wrong);
          }
        }
      }
      case Node _ -> fault(key, Heard.MAPPING_EXPECTED);
    }
    return texts;
  }

  /// `key`, or the content of the file that `key_file` names; both at once is a fault.
  public Optional<Secret> secret(String key, boolean trim) {
    return secret(key, trim, false);
  }

  public Secret requireSecret(String key, boolean trim) {
    return secret(key, trim, true).orElse(UNREADABLE);
  }

  private Optional<Secret> secret(String key, boolean trim, boolean required) {
    var name = key + "_file";
    if (required) {
      rule(key, has(key) || has(name), "is missing; give it or " + name);
    }
    var file = secretFile(name, trim);
    var inline = string(key).map(Secret::of);
    rule(key, !has(key) || !has(name), "give either " + key + " or " + name + ", not both");
    return file.isPresent() ? file : inline;
  }

  /// The content of the file that the key names.
  public Optional<Secret> secretFile(String key, boolean trim) {
    return value(key, Kind.FILE)
        .map(file -> readable(key, file, Reading::content))
        .map(text -> text.map(all -> Secret.of(trim ? all.strip() : all)).orElse(UNREADABLE));
  }

  /// The content of the file the key names, byte for byte; empty if the key is not there, the file
  /// cannot be read, which is noted, or files stay shut.
  public Optional<byte[]> fileContent(String key) {
    return value(key, Kind.FILE).flatMap(file -> readable(key, file, Reading::bytes));
  }

  private <T> Optional<T> readable(
      String key, String file, Function<String, Optional<T>> contentOf) {
    var content = opensFiles() ? contentOf.apply(file) : Optional.<T>empty();
    rule(
        key,
        content.isPresent() || !opensFiles(),
        Heard.FILE_EXPECTED,
        ": " + file + " cannot be read");
    return content;
  }

  private <T> Optional<T> find(String key, Kind<T> kind, @Nullable T otherwise, boolean required) {
    reading.hear(new Heard.Value(at(key), kind, otherwise, required, isLater(key)));
    var node = node(key);
    if (node.isEmpty()) {
      if (required) {
        fault(key, "is missing; " + kind.expected());
      }
      return Optional.empty();
    }
    var value = kind.read(node.get());
    if (value.isEmpty()) {
      fault(key, kind.expected());
    }
    noteLater(key, node.get().mark(), value.isPresent() && !value.get().equals(otherwise));
    return value;
  }

  private List<Node> items(String key) {
    return switch (node(key).orElse(null)) {
      case null -> List.of();
      case Node.Items(var items, var at) -> {
        noteLater(key, at, !items.isEmpty());
        yield items;
      }
      case Node _ -> {
        fault(key, Heard.LIST_EXPECTED);
        yield List.of();
      }
    };
  }

  private Section child(String path, @Nullable Node node, boolean later) {
    return switch (node) {
      case null -> new Section(path, null, reading, later);
      case Node.Mapping mapping -> new Section(path, mapping, reading, later);
      case Node _ -> new Section(path, null, reading.muted(), later);
    };
  }
}
