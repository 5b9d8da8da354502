package latchkey.base.jinja;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.TreeMap;

/// Filters for claims that are wrapped: base 64, JSON, and the tag-length-value lists that some
/// national identity providers send.
final class EncodingFilters {
  private EncodingFilters() {}

  static void addTo(Library library) {
    library.filter("b64decode", 1, 1, (in, run) -> decode(in.text(0, run)));
    library.filter(
        "b64encode",
        1,
        1,
        (in, run) -> Value.of(Base64.getEncoder().encodeToString(bytes(in.at(0), run))));
    library.filter("tlvdecode", 1, 1, (in, run) -> tagged(bytes(in.at(0), run)));
    library.filter("from_json", 1, 1, (in, _) -> JsonText.read(in.string(0)));
  }

  private static byte[] bytes(Value value, Run run) {
    return value instanceof Bytes bytes
        ? bytes.content()
        : Display.of(value, run.budget()).getBytes(StandardCharsets.UTF_8);
  }

  /// Either alphabet, with padding or without.
  private static Value decode(String text) {
    boolean urlSafe = text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
    try {
      return new Bytes((urlSafe ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(text));
    } catch (IllegalArgumentException e) {
      throw new Failure("this text is no base 64");
    }
  }

  /// A byte that is a name, a byte that says how many follow, and those, again and again.
  private static Value tagged(byte[] bytes) {
    var entries = new TreeMap<Value, Value>(Order.OF_VALUES);
    int at = 0;
    while (at < bytes.length) {
      int start = at + 2;
      int end = at + 1 < bytes.length ? start + Byte.toUnsignedInt(bytes[at + 1]) : start;
      if (end > bytes.length) {
        throw new Failure("these bytes end too early");
      }
      entries.put(
          Value.of(Byte.toUnsignedInt(bytes[at])),
          new Bytes(Arrays.copyOfRange(bytes, start, end)));
      at = end;
    }
    return new Dict(entries);
  }
}
