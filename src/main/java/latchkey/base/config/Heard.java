package latchkey.base.config;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a reader said of a key by looking it up. The documentation is made of these, and so cannot
/// say anything else than the reading does.
///
/// Paths are those of one reading, such as `http.listeners[0].name`; [Exploration] answers them
/// without numbers.
public sealed interface Heard {
  String LIST_EXPECTED = "a list is expected";
  String FILE_EXPECTED = "a file that can be read is expected";
  String MAPPING_EXPECTED = "keys and values are expected here";

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
  record Tree(String path, boolean later) implements Heard {}

  /// Texts by names that are nobody's business here.
  ///
  /// @param must what must hold of each; empty if nothing
  record Texts(String path, String must, boolean later) implements Heard {}

  /// Something that must hold.
  ///
  /// @param notYet whether it holds only until a later release can do more
  record Rule(String path, String sentence, boolean notYet) implements Heard {}

  /// Something that is warned of.
  record Advice(String path, String sentence) implements Heard {}

  /// What is done without the key, where that is no plain value.
  record Otherwise(String path, String words) implements Heard {}

  record Deprecated(String path, String instead) implements Heard {}

  /// Some values of the key have no effect in this release; all but the default, if none is listed.
  record LaterValues(String path, List<String> values) implements Heard {}

  /// How the fault begins that is told at a path.
  record Refusal(String path, String sentence) {}

  /// Everything that can be told because of this.
  default List<Refusal> refusals() {
    var list = new Refusal(path(), LIST_EXPECTED);
    return switch (this) {
      case Value(var path, var kind, _, var required, _) -> {
        var unfit = new Refusal(path, kind.expected());
        yield required
            ? List.of(unfit, new Refusal(path, "is missing; " + kind.expected()))
            : List.of(unfit);
      }
      case Values(var path, var kind, _) ->
          List.of(list, new Refusal(path + "[]", kind.expected()));
      case Mapping(var path, _) -> List.of(new Refusal(path, MAPPING_EXPECTED));
      case Mappings(var path, _) -> List.of(list, new Refusal(path + "[]", MAPPING_EXPECTED));
      case Tree(var path, _) -> List.of(new Refusal(path, MAPPING_EXPECTED));
      case Texts(var path, var must, _) ->
          Stream.of(
                  new Refusal(path, MAPPING_EXPECTED),
                  new Refusal(path + ".*", Kind.TEXT.expected()),
                  new Refusal(path + ".*", must))
              .filter(refusal -> !refusal.sentence().isEmpty())
              .toList();
      case Rule(var path, var sentence, _) -> List.of(new Refusal(path, sentence));
      case Touched _, Advice _, Otherwise _, Deprecated _, LaterValues _ -> List.of();
    };
  }

  /// The same at another path.
  default Heard at(String path) {
    return switch (this) {
      case Touched _ -> new Touched(path);
      case Value(_, var kind, var otherwise, var required, var later) ->
          new Value(path, kind, otherwise, required, later);
      case Values(_, var kind, var later) -> new Values(path, kind, later);
      case Mapping(_, var later) -> new Mapping(path, later);
      case Mappings(_, var later) -> new Mappings(path, later);
      case Tree(_, var later) -> new Tree(path, later);
      case Texts(_, var must, var later) -> new Texts(path, must, later);
      case Rule(_, var sentence, var notYet) -> new Rule(path, sentence, notYet);
      case Advice(_, var sentence) -> new Advice(path, sentence);
      case Otherwise(_, var words) -> new Otherwise(path, words);
      case Deprecated(_, var instead) -> new Deprecated(path, instead);
      case LaterValues(_, var values) -> new LaterValues(path, values);
    };
  }
}
