package latchkey.base.config;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Where in the configuration a reader stands: what is there, and how to tell what is wrong with
/// it.
abstract sealed class Place permits Section {
  private final String path;
  private final Map<String, Node> entries;
  private final Node.@Nullable Mark mark;
  final Reading reading;
  private final Set<String> laterKeys = new HashSet<>();
  private boolean allLater;

  Place(String path, Node.@Nullable Mapping mapping, Reading reading, boolean later) {
    this.path = path;
    this.entries = mapping == null ? Map.of() : mapping.entries();
    this.mark = mapping == null ? null : mapping.mark();
    this.reading = reading;
    this.allLater = later;
    reading.known(path);
  }

  public Faults faults() {
    return reading.faults();
  }

  /// Whether the key is there with a value.
  public boolean has(String key) {
    reading.hear(new Heard.Touched(at(key)));
    return node(key).isPresent();
  }

  /// Whether the key is there and expressly null, where that means something else than its absence.
  public boolean isNull(String key) {
    known().add(key);
    return entries.get(key) instanceof Node.Scalar(var value, _) && value == null;
  }

  /// Where this section stands, such as `http.listeners[0]`.
  public String path() {
    return path;
  }

  /// False when files are not to be opened: then a secret from a file is empty, and says nothing
  /// about its rules.
  public boolean opensFiles() {
    return reading.opensFiles();
  }

  /// Something that must hold of a key, or of the section if the key is empty; the sentence says
  /// what would be right.
  public void rule(String key, boolean holds, String sentence) {
    rule(key, holds, sentence, "");
  }

  /// @param more what to add to the sentence if it does not hold, such as what was found instead
  public void rule(String key, boolean holds, String sentence, String more) {
    rule(key, holds, new Heard.Rule(at(key), sentence, false), more);
  }

  /// The same for what this release cannot do yet, and must not pass over.
  public void notYet(String key, boolean isAsked, String sentence) {
    rule(key, !isAsked, new Heard.Rule(at(key), sentence, true), "");
  }

  private void rule(String key, boolean holds, Heard.Rule rule, String more) {
    reading.hear(rule);
    if (!holds) {
      fault(key, rule.sentence() + more);
    }
  }

  /// Something that is odd if it does not hold, but does no harm.
  public void advice(String key, boolean holds, String sentence, String more) {
    reading.hear(new Heard.Advice(at(key), sentence));
    if (!holds) {
      warn(key, sentence + more);
    }
  }

  /// Notes something that is odd but does no harm, in a file that is not ours; of our own keys see
  /// [#advice].
  public void warn(String key, String problem) {
    faults().warn(markOf(key), at(key), problem);
  }

  /// What is done without the key, where that is no plain value.
  public void otherwise(String key, String words) {
    reading.hear(new Heard.Otherwise(at(key), words));
  }

  /// A key that should no longer be used.
  public void deprecated(String key, String instead) {
    reading.hear(new Heard.Deprecated(at(key), instead));
    if (has(key)) {
      warn(key, "is deprecated; " + instead);
    }
  }

  /// The same for some values of a key.
  public void laterValues(String key, String... values) {
    reading.hear(new Heard.LaterValues(at(key), List.of(values)));
    if (node(key).orElse(null) instanceof Node.Scalar(var value, var at)
        && value != null
        && List.of(values).contains(value)) {
      faults().noEffect(at, at(key) + " (" + value + ")");
    }
  }

  /// The same for a key that says something which would have an effect.
  public void laterIf(String key, boolean saysSomething) {
    reading.hear(new Heard.LaterValues(at(key), List.of()));
    if (saysSomething) {
      faults().noEffect(markOf(key), at(key));
    }
  }

  /// Keys that are understood elsewhere.
  public void ignore(String... keys) {
    known().addAll(List.of(keys));
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

  /// Warns of every key, here and below, that no reader has asked for.
  public void warnOfUnknown() {
    entries.forEach(
        (key, node) -> {
          if (known().contains(key)) {
            warnBelow(at(key), node);
          } else {
            warn(key, "this key is unknown and ignored" + Spelling.hint(key, node, known()));
          }
        });
  }

  private void warnBelow(String at, Node node) {
    switch (node) {
      case Node.Mapping mapping when reading.wasVisited(at) ->
          new Section(at, mapping, reading, false).warnOfUnknown();
      case Node.Items(var items, _) -> {
        for (int i = 0; i < items.size(); i++) {
          warnBelow(at + "[" + i + "]", items.get(i));
        }
      }
      case Node _ -> {}
    }
  }

  final void allLater() {
    allLater = true;
  }

  final void areLater(Collection<String> keys) {
    laterKeys.addAll(keys);
  }

  final boolean isLater(String key) {
    return allLater || laterKeys.contains(key);
  }

  final void noteLater(String key, Node.Mark at, boolean saysSomething) {
    if (saysSomething && isLater(key)) {
      faults().noEffect(at, at(key));
    }
  }

  final Optional<Node> node(String key) {
    known().add(key);
    var node = entries.get(key);
    return node == null || (node instanceof Node.Scalar(var value, _) && value == null)
        ? Optional.empty()
        : Optional.of(node);
  }

  /// Readers have [#rule] for this, so that no fault is told of which the documentation is silent.
  final void fault(String key, String problem) {
    faults().add(markOf(key), at(key), problem);
  }

  private Set<String> known() {
    return reading.known(path);
  }

  private Node.@Nullable Mark markOf(String key) {
    var node = entries.get(key);
    return node == null ? mark : node.mark();
  }

  final String at(String key) {
    return path.isEmpty() || key.isEmpty() ? path + key : path + "." + key;
  }
}
