package latchkey.base.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import latchkey.base.system.Ids;

/// What may stand at a key: how the documentation calls it, what a fault says would be right, and
/// how it is read.
///
/// @param name such as `text`, or `0 to 65535`
/// @param expected such as `a text is expected`
/// @param examples values that fit, for whoever explores which keys there are
/// @param reader answers nothing if the value does not fit
public record Kind<T>(
    String name, String expected, List<?> examples, Function<Object, Optional<T>> reader) {
  private static final String A_ULID = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

  public static final Kind<String> TEXT = texts("text", "a text is expected", A_ULID, Optional::of);

  /// The name of a file that is read, by whoever looks it up.
  public static final Kind<String> FILE =
      texts("file", "the name of a file is expected", "/x", Optional::of);

  public static final Kind<Boolean> BOOLEAN =
      new Kind<>(
          "true or false",
          "true or false is expected",
          List.of(true, false),
          value -> value instanceof Boolean flag ? Optional.of(flag) : Optional.empty());

  /// An absolute http or https URL.
  public static final Kind<URI> URL =
      texts("URL", "an http or https URL is expected", "https://a.example/", Kind::url);

  public static final Kind<Path> PATH = texts("path", "a path is expected", "/x", Kind::path);

  public static final Kind<UUID> ULID =
      texts("ULID", "a ULID is expected: 26 letters and digits", A_ULID, Ids::parse);

  public Kind {
    examples = List.copyOf(examples);
  }

  /// What is written as a text and means something.
  public static <T> Kind<T> texts(
      String name, String expected, String example, Function<String, Optional<T>> parser) {
    return new Kind<>(
        name,
        expected,
        List.of(example),
        value -> value instanceof String text ? parser.apply(text) : Optional.empty());
  }

  public static Kind<Long> integer(long min, long max) {
    var range = min + " to " + max;
    return new Kind<>(
        range,
        "a whole number from " + range + " is expected",
        List.of(min, max),
        value ->
            value instanceof Long number && number >= min && number <= max
                ? Optional.of(number)
                : Optional.empty());
  }

  public static Kind<Long> seconds(long min, long max) {
    var number = integer(min, max);
    return new Kind<>("seconds, " + number.name, number.expected, number.examples, number.reader);
  }

  public static Kind<Double> decimal(double min, double max) {
    var range = min + " to " + max;
    return new Kind<>(
        range,
        "a number from " + range + " is expected",
        List.of(min, max),
        value ->
            value instanceof Number number
                    && number.doubleValue() >= min
                    && number.doubleValue() <= max
                ? Optional.of(number.doubleValue())
                : Optional.empty());
  }

  public static Kind<String> oneOf(List<String> allowed) {
    return new Kind<>(
        String.join(", ", allowed),
        "one of " + String.join(", ", allowed) + " is expected",
        allowed,
        value ->
            value instanceof String text && allowed.contains(text)
                ? Optional.of(text)
                : Optional.empty());
  }

  /// The constants of an enum, as YAML spells them: in lower case.
  public static <E extends Enum<E>> Kind<E> choice(Class<E> type) {
    var constants = List.of(type.getEnumConstants());
    var names = oneOf(constants.stream().map(Kind::spelt).toList());
    return new Kind<>(
        names.name(),
        names.expected(),
        names.examples(),
        value -> constants.stream().filter(constant -> spelt(constant).equals(value)).findFirst());
  }

  /// A constant as YAML spells it.
  public static String spelt(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /// Reads a scalar. A variable of the environment has no quotes to say that its digits are a text.
  Optional<T> read(Node node) {
    if (!(node instanceof Node.Scalar(var value, var mark)) || value == null) {
      return Optional.empty();
    }
    var read = reader.apply(value);
    boolean fromEnvironment = mark.line() == 0;
    return read.isEmpty() && fromEnvironment ? reader.apply(value.toString()) : read;
  }

  private static Optional<URI> url(String text) {
    try {
      var uri = new URI(text);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      return web && uri.getRawAuthority() != null ? Optional.of(uri) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static Optional<Path> path(String text) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return Arrays.asList(name, expected).toString();
  }
}
