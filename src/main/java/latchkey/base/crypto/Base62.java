package latchkey.base.crypto;

import java.util.Arrays;

/// Base 62 of byte strings of a fixed length: the bytes as one big-endian number, most significant
/// digit first, padded to a constant width. One byte string has one spelling; [#decode] refuses
/// every other.
public final class Base62 {
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int CHUNK = 5;
  private static final long CHUNK_BASE = 916_132_832; // 62^5

  private final int bytes;
  private final int width;

  /// For strings of `bytes` bytes.
  public Base62(int bytes) {
    this.bytes = bytes;
    int digits = (int) Math.ceil(bytes * 8 / (Math.log(62) / Math.log(2)));
    this.width = (digits + CHUNK - 1) / CHUNK * CHUNK;
  }

  /// How many digits every encoding has.
  public int width() {
    return width;
  }

  public String encode(byte[] input) {
    var limbs = limbs(input);
    var digits = new char[width];
    for (int end = width; end > 0; end -= CHUNK) {
      long chunk = divide(limbs);
      for (int i = 1; i <= CHUNK; i++) {
        digits[end - i] = DIGITS.charAt((int) (chunk % 62));
        chunk /= 62;
      }
    }
    return new String(digits);
  }

  /// The bytes, or null if the text has another width, other characters or too large a value.
  public byte @org.jspecify.annotations.Nullable [] decode(String text) {
    if (text.length() != width) {
      return null;
    }
    var limbs = new int[(bytes + 3) / 4];
    for (int start = 0; start < width; start += CHUNK) {
      long chunk = 0;
      for (int i = 0; i < CHUNK; i++) {
        int digit = digit(text.charAt(start + i));
        if (digit < 0) {
          return null;
        }
        chunk = chunk * 62 + digit;
      }
      if (multiplyAndAdd(limbs, chunk) != 0) {
        return null;
      }
    }
    return bytes(limbs);
  }

  /// The value of a digit, -1 if it is none.
  public static int digit(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    } else if (c >= 'A' && c <= 'Z') {
      return c - 'A' + 10;
    } else {
      return c >= 'a' && c <= 'z' ? c - 'a' + 36 : -1;
    }
  }

  static char digitOf(int value) {
    return DIGITS.charAt(value);
  }

  private int[] limbs(byte[] input) {
    if (input.length != bytes) {
      throw new IllegalArgumentException("expected " + bytes + " bytes");
    }
    var limbs = new int[(bytes + 3) / 4];
    int shift = limbs.length * 4 - bytes;
    for (int i = 0; i < bytes; i++) {
      int at = i + shift;
      limbs[at / 4] |= (input[i] & 0xff) << (24 - at % 4 * 8);
    }
    return limbs;
  }

  private byte @org.jspecify.annotations.Nullable [] bytes(int[] limbs) {
    var all = new byte[limbs.length * 4];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) (limbs[i / 4] >>> (24 - i % 4 * 8));
    }
    int shift = all.length - bytes;
    for (int i = 0; i < shift; i++) {
      if (all[i] != 0) {
        return null;
      }
    }
    return Arrays.copyOfRange(all, shift, all.length);
  }

  private static long divide(int[] limbs) {
    long rest = 0;
    for (int i = 0; i < limbs.length; i++) {
      long value = rest << 32 | (limbs[i] & 0xffffffffL);
      limbs[i] = (int) (value / CHUNK_BASE);
      rest = value % CHUNK_BASE;
    }
    return rest;
  }

  private static long multiplyAndAdd(int[] limbs, long chunk) {
    long carry = chunk;
    for (int i = limbs.length - 1; i >= 0; i--) {
      long value = (limbs[i] & 0xffffffffL) * CHUNK_BASE + carry;
      limbs[i] = (int) value;
      carry = value >>> 32;
    }
    return carry;
  }
}
