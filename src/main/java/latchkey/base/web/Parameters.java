package latchkey.base.web;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The parameters of a query or of an `application/x-www-form-urlencoded` body, read strictly:
/// percent-encoding and UTF-8 must be whole, a NUL is refused, and a parameter that is there twice
/// is remembered as repeated. A parameter without a value counts as absent (RFC 6749 §3.1).
public final class Parameters {
  /// What was sent cannot be read.
  public static final class Malformed extends Exception {
    Malformed(String reason) {
      super(reason, null, false, false);
    }

    public String reason() {
      return String.valueOf(getMessage());
    }
  }

  private final Map<String, String> values;
  private final Set<String> repeated;

  private Parameters(Map<String, String> values, Set<String> repeated) {
    this.values = Collections.unmodifiableMap(values);
    this.repeated = Collections.unmodifiableSet(repeated);
  }

  public static Parameters none() {
    return new Parameters(Map.of(), Set.of());
  }

  /// As if these had been sent.
  public static Parameters of(Map<String, String> values) {
    return new Parameters(new LinkedHashMap<>(values), Set.of());
  }

  public static Parameters parse(byte[] encoded) throws Malformed {
    var values = new LinkedHashMap<String, String>();
    var seen = new LinkedHashSet<String>();
    var repeated = new LinkedHashSet<String>();
    int start = 0;
    while (start < encoded.length) {
      int end = indexOf(encoded, '&', start, encoded.length);
      if (end > start) {
        int equals = indexOf(encoded, '=', start, end);
        var name = decode(encoded, start, equals);
        var value = equals < end ? decode(encoded, equals + 1, end) : "";
        if (!seen.add(name)) {
          repeated.add(name);
        } else if (!value.isEmpty()) {
          values.put(name, value);
        }
      }
      start = end + 1;
    }
    return new Parameters(values, repeated);
  }

  public Optional<String> find(String name) {
    return Optional.ofNullable(values.get(name));
  }

  public Set<String> repeated() {
    return repeated;
  }

  /// Every parameter that has a value, in the order sent; of a repeated one the first.
  public Map<String, String> all() {
    return values;
  }

  private static int indexOf(byte[] bytes, char wanted, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return to;
  }

  private static String decode(byte[] encoded, int from, int to) throws Malformed {
    var bytes = new ByteArrayOutputStream(to - from);
    for (int i = from; i < to; i++) {
      switch (encoded[i]) {
        case '+' -> bytes.write(' ');
        case '%' -> {
          bytes.write(hexPair(encoded, i + 1, to));
          i += 2;
        }
        case 0 -> throw new Malformed("a NUL character is not allowed");
        default -> bytes.write(encoded[i]);
      }
    }
    return utf8(bytes.toByteArray());
  }

  private static int hexPair(byte[] encoded, int at, int to) throws Malformed {
    int high = at < to ? Character.digit(encoded[at], 16) : -1;
    int low = at + 1 < to ? Character.digit(encoded[at + 1], 16) : -1;
    if (high < 0 || low < 0) {
      throw new Malformed("malformed percent-encoding");
    }
    int value = high << 4 | low;
    if (value == 0) {
      throw new Malformed("a NUL character is not allowed");
    }
    return value;
  }

  private static String utf8(byte[] bytes) throws Malformed {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Malformed("not UTF-8");
    }
  }
}
