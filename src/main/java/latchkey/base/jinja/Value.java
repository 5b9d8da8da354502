package latchkey.base.jinja;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Everything an expression can be. Immutable but for [Thing]s, which stand in no list or map; so
/// no value contains itself, or becomes larger after it was measured.
sealed interface Value
    permits Nothing, Value.Bool, Value.Int, Value.Real, Value.Str, Bytes, Seq, Dict, Thing {
  /// In the order in which values of different kinds are sorted.
  enum Kind {
    UNDEFINED("undefined"),
    NONE("none"),
    BOOL("bool"),
    NUMBER("number"),
    STRING("string"),
    BYTES("bytes"),
    SEQUENCE("sequence"),
    MAP("map"),
    ITERABLE("iterator"),
    PLAIN("plain object");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  Kind kind();

  /// See [Budget#VALUE_WEIGHT].
  default int weight() {
    return 1;
  }

  default int depth() {
    return 0;
  }

  default boolean isUndefined() {
    return this == Nothing.UNDEFINED;
  }

  default boolean isNothing() {
    return this instanceof Nothing;
  }

  /// As `if` sees it.
  boolean isTrue();

  /// The text that a string is, or bytes that are one; null of anything else.
  default @Nullable String asText() {
    return null;
  }

  static Value of(boolean flag) {
    return flag ? Bool.TRUE : Bool.FALSE;
  }

  static Value of(long number) {
    return new Int(BigInteger.valueOf(number));
  }

  static Value of(String text) {
    return new Str(text);
  }

  enum Bool implements Value {
    FALSE,
    TRUE;

    @Override
    public Kind kind() {
      return Kind.BOOL;
    }

    @Override
    public boolean isTrue() {
      return this == TRUE;
    }
  }

  record Int(BigInteger number) implements Value {
    @Override
    public Kind kind() {
      return Kind.NUMBER;
    }

    @Override
    public boolean isTrue() {
      return number.signum() != 0;
    }
  }

  record Real(double number) implements Value {
    @Override
    public Kind kind() {
      return Kind.NUMBER;
    }

    @Override
    public boolean isTrue() {
      return number != 0;
    }
  }

  /// @param safe whether HTML in it is meant
  record Str(String text, boolean safe) implements Value {
    public Str {
      if (text.length() > Budget.TEXT_CHARACTERS) {
        throw new Failure("a text is too long");
      }
    }

    Str(String text) {
      this(text, false);
    }

    @Override
    public Kind kind() {
      return Kind.STRING;
    }

    @Override
    public int weight() {
      return Budget.weight(text.length());
    }

    @Override
    public boolean isTrue() {
      return !text.isEmpty();
    }

    @Override
    public String asText() {
      return text;
    }
  }

  /// The text that bytes are in UTF-8; null if they are none.
  static @Nullable String decode(byte[] content) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
