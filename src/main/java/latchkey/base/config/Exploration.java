package latchkey.base.config;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Finds out which keys there are and what is said of them, by reading made-up configurations:
/// first an empty one, then one for each value that a key just heard of may have. Wherever such a
/// reading brings something new, the keys beside that value are tried on top of it.
public final class Exploration {
  private static final Pattern NUMBER = Pattern.compile("\\[\\d+]");
  private static final Node.Mark NOWHERE = new Node.Mark("made up", 1);

  /// For a key of which nobody has said yet what may stand there.
  private static final Node SOMETHING = new Node.Scalar("something", NOWHERE);

  private static final Node.Mapping NOTHING = new Node.Mapping(Map.of(), NOWHERE);

  /// @param scope what the path of a key begins with that is tried next
  private record Attempt(Node.Mapping tree, String scope) {}

  private final Consumer<Section> reader;
  private final Consumer<Heard> listener;
  private final Map<String, Heard> heard = new LinkedHashMap<>();
  private final Deque<Attempt> ahead = new ArrayDeque<>();

  private Exploration(Consumer<Section> reader, Consumer<Heard> listener) {
    this.reader = reader;
    this.listener = listener;
  }

  /// @param reader of a whole configuration
  /// @param listener hears of every look-up while it happens
  /// @return each thing once, at paths such as `http.listeners[].name`
  public static Collection<Heard> of(Consumer<Section> reader, Consumer<Heard> listener) {
    var exploration = new Exploration(reader, listener);
    exploration.ahead.add(new Attempt(NOTHING, ""));
    while (!exploration.ahead.isEmpty()) {
      exploration.make(exploration.ahead.remove());
    }
    return List.copyOf(exploration.heard.values());
  }

  private void make(Attempt attempt) {
    var all = new ArrayList<Heard>();
    var reading =
        new Reading(
            new Faults(),
            false,
            what -> {
              listener.accept(what);
              all.add(what);
            });
    reader.accept(new Section("", attempt.tree, reading, false));
    boolean isNews = false;
    for (var what : all) {
      var anywhere = what.at(NUMBER.matcher(what.path()).replaceAll("[]"));
      // As texts, because no two kinds of value are equal.
      isNews |= heard.putIfAbsent(anywhere.toString(), anywhere) == null;
    }
    if (isNews) {
      var more = all.stream().filter(what -> what.path().startsWith(attempt.scope)).toList();
      more.forEach(what -> tryOut(attempt.tree, what));
      var understood = new HashSet<String>();
      more.stream()
          .filter(what -> !what.refusals().isEmpty())
          .forEach(what -> understood.add(what.path()));
      more.stream()
          .map(Heard::path)
          .filter(path -> !understood.contains(path))
          .forEach(path -> add(attempt.tree, path, SOMETHING, sectionOf(path)));
    }
  }

  private void tryOut(Node.Mapping tree, Heard what) {
    var path = what.path();
    var section = sectionOf(path);
    switch (what) {
      case Heard.Value(_, var kind, _, _, _) -> {
        for (var example : kind.examples()) {
          add(tree, path, new Node.Scalar(example, NOWHERE), section);
        }
      }
      case Heard.Values(_, var kind, _) -> {
        for (var example : kind.examples()) {
          add(tree, path, list(new Node.Scalar(example, NOWHERE)), section);
        }
      }
      case Heard.Mapping _ -> add(tree, path, NOTHING, path + ".");
      case Heard.Mappings _ -> add(tree, path, list(NOTHING), path + "[0].");
      case Heard.Tree _, Heard.Texts _ -> add(tree, path, NOTHING, section);
      case Heard _ -> {}
    }
  }

  private static String sectionOf(String path) {
    return path.substring(0, path.lastIndexOf('.') + 1);
  }

  private void add(Node.Mapping tree, String path, Node value, String scope) {
    var with = with(tree, path.split("\\."), 0, value);
    if (!with.equals(tree)) {
      ahead.add(new Attempt(with, scope));
    }
  }

  private static Node.Items list(Node item) {
    return new Node.Items(List.of(item), NOWHERE);
  }

  /// The tree with a value, unless the key has one that was meant. What it stands in is made.
  private static Node.Mapping with(Node.Mapping tree, String[] path, int depth, Node value) {
    var entries = new LinkedHashMap<>(tree.entries());
    boolean isInList = path[depth].endsWith("[0]");
    var key = isInList ? path[depth].substring(0, path[depth].length() - 3) : path[depth];
    if (depth == path.length - 1) {
      boolean isFree = entries.getOrDefault(key, SOMETHING).equals(SOMETHING);
      entries.put(key, isFree ? value : entries.get(key));
    } else {
      var below =
          switch (entries.get(key)) {
            case Node.Mapping mapping -> mapping;
            case Node.Items(var items, _) when items.getFirst() instanceof Node.Mapping item ->
                item;
            case null, default -> NOTHING;
          };
      var inner = with(below, path, depth + 1, value);
      entries.put(key, isInList ? list(inner) : inner);
    }
    return new Node.Mapping(entries, NOWHERE);
  }
}
