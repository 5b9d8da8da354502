package latchkey.base.jinja;

import org.jspecify.annotations.Nullable;

/// What came out of base 64.
final class Bytes implements Value {
  private final byte[] content;

  Bytes(byte[] content) {
    this.content = content.clone();
  }

  byte[] content() {
    return content.clone();
  }

  int length() {
    return content.length;
  }

  /// From 0 to 255.
  int at(int index) {
    return Byte.toUnsignedInt(content[index]);
  }

  @Override
  public Kind kind() {
    return Kind.BYTES;
  }

  @Override
  public int weight() {
    return Budget.weight(content.length);
  }

  @Override
  public boolean isTrue() {
    return content.length > 0;
  }

  @Override
  public @Nullable String asText() {
    return Value.decode(content);
  }
}
