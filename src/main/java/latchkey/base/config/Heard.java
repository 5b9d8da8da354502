package latchkey.base.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a reader said of a key by looking it up. The documentation is made of these, and so cannot
/// say anything else than the reading does.
///
/// Paths are those of one reading, such as `http.listeners[0].name`.
sealed interface Heard {
  String path();

  /// The reader has asked whether it is there.
  record Touched(String path) implements Heard {}

  /// @param otherwise the default; null if there is none
  /// @param later whether it has no effect in this release
  record Value(
      String path, Kind<?> kind, @Nullable Object otherwise, boolean required, boolean later)
      implements Heard {}

  /// A list of values of one kind.
  record Values(String path, Kind<?> kind, boolean later) implements Heard {}

  /// Keys and values that are looked up in turn.
  record Mapping(String path, boolean later) implements Heard {}

  /// A list of those.
  record Mappings(String path, boolean later) implements Heard {}

  /// Keys and values that are nobody's business here.
  record Tree(String path, String name, boolean later) implements Heard {}

  /// Something that must hold.
  record Rule(String path, String sentence) implements Heard {}

  record Deprecated(String path, String instead) implements Heard {}

  /// Some values of the key have no effect in this release; all but the default, if none is listed.
  record LaterValues(String path, List<String> values) implements Heard {}
}
