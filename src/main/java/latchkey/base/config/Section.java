package latchkey.base.config;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import latchkey.base.crypto.Secret;
import org.jspecify.annotations.Nullable;

/// A mapping of the configuration as its reader sees it: typed look-ups that note a fault instead
/// of throwing, so that all faults are told at once. What nobody looked up is unknown, and worth a
/// warning.
public final class Section {
  private static final Secret UNREADABLE = Secret.of("");

  private final String path;
  private final Map<String, Node> entries;
  private final Node.@Nullable Mark mark;
  private final Faults faults;
  private final boolean openFiles;
  private final Set<String> known = new TreeSet<>();

  Section(String path, Node.@Nullable Mapping mapping, Faults faults, boolean openFiles) {
    this.path = path;
    this.entries = mapping == null ? Map.of() : mapping.entries();
    this.mark = mapping == null ? null : mapping.mark();
    this.faults = faults;
    this.openFiles = openFiles;
  }

  public Faults faults() {
    return faults;
  }

  /// Whether the key is there with a value.
  public boolean has(String key) {
    return node(key).isPresent();
  }

  /// Whether the key is there and expressly null, where that means something else than its absence.
  public boolean isNull(String key) {
    known.add(key);
    return entries.get(key) instanceof Node.Scalar(var value, _) && value == null;
  }

  /// Where this section stands, such as `http.listeners[0]`.
  public String path() {
    return path;
  }

  public Set<String> keys() {
    return entries.keySet();
  }

  /// Notes something that is odd but does no harm.
  public void warn(String key, String problem) {
    var node = entries.get(key);
    faults.warn(node == null ? mark : node.mark(), at(key), problem);
  }

  /// Notes a fault at a key of this section, or at the section itself if the key is empty.
  public void fault(String key, String problem) {
    var node = entries.get(key);
    faults.add(node == null ? mark : node.mark(), at(key), problem);
  }

  public Optional<String> string(String key) {
    return node(key)
        .map(Section::textOf)
        .flatMap(node -> scalar(key, node, String.class, "a text is expected"));
  }

  public String string(String key, String otherwise) {
    return string(key).orElse(otherwise);
  }

  public String requireString(String key) {
    return has(key) ? string(key, "") : missing(key, "", "is missing");
  }

  public boolean bool(String key, boolean otherwise) {
    return node(key)
        .flatMap(node -> scalar(key, node, Boolean.class, "true or false is expected"))
        .orElse(otherwise);
  }

  public Optional<Long> integer(String key, long min, long max) {
    var value =
        node(key).flatMap(node -> scalar(key, node, Long.class, "a whole number is expected"));
    if (value.isPresent() && (value.get() < min || value.get() > max)) {
      fault(key, "a number from " + min + " to " + max + " is expected");
      return Optional.empty();
    }
    return value;
  }

  public long integer(String key, long otherwise, long min, long max) {
    return integer(key, min, max).orElse(otherwise);
  }

  public long requireInteger(String key, long min, long max) {
    if (!has(key)) {
      return missing(key, min, "is missing");
    }
    return integer(key, min, max).orElse(min);
  }

  /// An absolute http or https URL.
  public Optional<URI> url(String key) {
    return string(key)
        .flatMap(
            text -> {
              try {
                var uri = new URI(text);
                boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
                if (web && uri.getRawAuthority() != null) {
                  return Optional.of(uri);
                }
              } catch (URISyntaxException e) {
                // told below
              }
              fault(key, "an http or https URL is expected");
              return Optional.empty();
            });
  }

  public Optional<String> oneOf(String key, String... allowed) {
    var value = string(key);
    if (value.isPresent() && !List.of(allowed).contains(value.get())) {
      fault(key, "one of " + String.join(", ", allowed) + " is expected");
      return Optional.empty();
    }
    return value;
  }

  public Section section(String key) {
    var node = node(key);
    if (node.isPresent() && !(node.get() instanceof Node.Mapping)) {
      fault(key, "keys and values are expected here");
    }
    return child(at(key), node.orElse(null));
  }

  public List<Section> sections(String key) {
    var sections = new ArrayList<Section>();
    var nodes = items(key);
    for (int i = 0; i < nodes.size(); i++) {
      if (!(nodes.get(i) instanceof Node.Mapping)) {
        faults.add(
            nodes.get(i).mark(), at(key) + "[" + i + "]", "keys and values are expected here");
      }
      sections.add(child(at(key) + "[" + i + "]", nodes.get(i)));
    }
    return sections;
  }

  public List<String> strings(String key) {
    var texts = new ArrayList<String>();
    var nodes = items(key);
    for (int i = 0; i < nodes.size(); i++) {
      if (nodes.get(i) instanceof Node.Scalar(var value, _) && value instanceof String text) {
        texts.add(text);
      } else {
        faults.add(nodes.get(i).mark(), at(key) + "[" + i + "]", "a text is expected");
      }
    }
    return texts;
  }

  /// The value as plain maps and lists.
  public Map<String, @Nullable Object> tree(String key) {
    var node = node(key);
    if (node.isPresent() && Node.plain(node.get()) instanceof Map<?, ?> map) {
      var tree = new LinkedHashMap<String, @Nullable Object>();
      map.forEach((name, value) -> tree.put(String.valueOf(name), value));
      return tree;
    }
    node.ifPresent(_ -> fault(key, "keys and values are expected here"));
    return Map.of();
  }

  /// `key`, or the content of the file that `key_file` names; both at once is a fault.
  public Optional<Secret> secret(String key, boolean trim) {
    var file = string(key + "_file");
    if (has(key) && file.isPresent()) {
      fault(key, "give either " + key + " or " + key + "_file, not both");
    }
    return file.isPresent()
        ? file.map(name -> read(key + "_file", name, trim))
        : string(key).map(Secret::of);
  }

  /// The content of the file the key names, byte for byte; empty if the key is not there, the file
  /// cannot be read, which is noted, or files stay shut.
  public Optional<byte[]> fileContent(String key) {
    var name = string(key);
    if (name.isEmpty() || !openFiles) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readAllBytes(Path.of(name.get())));
    } catch (IOException | InvalidPathException e) {
      fault(key, "the file " + name.get() + " cannot be read");
      return Optional.empty();
    }
  }

  public Secret requireSecret(String key, boolean trim) {
    if (!has(key) && !has(key + "_file")) {
      return missing(key, UNREADABLE, "is missing; give it or " + key + "_file");
    }
    return secret(key, trim).orElse(UNREADABLE);
  }

  /// False when files are not to be opened: then a secret from a file is empty, and says nothing
  /// about its rules.
  public boolean opensFiles() {
    return openFiles;
  }

  /// Keys that are understood elsewhere, or deliberately ignored.
  public void ignore(String... keys) {
    known.addAll(List.of(keys));
  }

  /// "; did you mean …?" for the first key here that resembles one of these; empty if none does.
  public String likelyTypo(String... expected) {
    var names = new TreeSet<>(List.of(expected));
    for (var key : entries.keySet()) {
      var near = Spelling.nearest(key, names);
      if (near.isPresent()) {
        return "; did you mean " + near.get() + " instead of " + key + "?";
      }
    }
    return "";
  }

  /// Warns of every key that nobody asked for.
  public void warnOfUnknown() {
    for (var key : entries.keySet()) {
      if (!known.contains(key)) {
        var near = Spelling.nearest(key, known);
        var hint = near.map(name -> "; did you mean " + name + "?").orElse("");
        var node = entries.get(key);
        faults.warn(
            node == null ? mark : node.mark(), at(key), "this key is unknown and ignored" + hint);
      }
    }
  }

  private Optional<Node> node(String key) {
    known.add(key);
    var node = entries.get(key);
    return node == null || (node instanceof Node.Scalar(var value, _) && value == null)
        ? Optional.empty()
        : Optional.of(node);
  }

  private List<Node> items(String key) {
    return switch (node(key).orElse(null)) {
      case null -> List.of();
      case Node.Items items -> items.items();
      case Node _ -> {
        fault(key, "a list is expected");
        yield List.of();
      }
    };
  }

  /// A variable of the environment has no quotes to say that its digits are a text.
  private static Node textOf(Node node) {
    boolean fromEnvironment = node.mark().line() == 0;
    return fromEnvironment && node instanceof Node.Scalar(var value, var mark) && value != null
        ? new Node.Scalar(value.toString(), mark)
        : node;
  }

  private <T> Optional<T> scalar(String key, Node node, Class<T> type, String expectation) {
    if (node instanceof Node.Scalar(var value, _) && type.isInstance(value)) {
      return Optional.of(type.cast(value));
    }
    fault(key, expectation);
    return Optional.empty();
  }

  private Section child(String path, @Nullable Node node) {
    return new Section(
        path, node instanceof Node.Mapping mapping ? mapping : null, faults, openFiles);
  }

  private Secret read(String key, String name, boolean trim) {
    if (!openFiles) {
      return UNREADABLE;
    }
    try {
      var text = Files.readString(Path.of(name), StandardCharsets.UTF_8);
      return Secret.of(trim ? text.strip() : text);
    } catch (IOException e) {
      fault(key, "the file " + name + " cannot be read");
      return UNREADABLE;
    }
  }

  private <T> T missing(String key, T stand, String problem) {
    fault(key, problem);
    return stand;
  }

  private String at(String key) {
    return path.isEmpty() || key.isEmpty() ? path + key : path + "." + key;
  }
}
