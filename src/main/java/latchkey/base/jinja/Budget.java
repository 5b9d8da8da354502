package latchkey.base.jinja;

/// What one rendering may cost. Counted, not timed: the same template with the same claims either
/// always renders or never does, on an idle machine and on a busy one. The whole of [#WORK] takes
/// well under a second.
final class Budget {
  /// Of a template's source.
  static final int SOURCE_CHARACTERS = 16_384;

  /// How deep expressions and blocks may stand in each other, in the source and, through macros and
  /// recursive loops, while rendering.
  static final int SOURCE_DEPTH = 150;

  static final int RENDERING_DEPTH = 200;

  /// Units: one for a step, an item looked at or sixteen characters touched.
  static final int WORK = 500_000;

  /// Of what a template renders.
  static final int OUTPUT_CHARACTERS = 65_536;

  /// Of one text on the way there.
  static final int TEXT_CHARACTERS = 1_048_576;

  /// Items in one value, nested ones included, and sixteen characters count as one.
  static final int VALUE_WEIGHT = 131_072;

  /// Of lists and maps in each other.
  static final int VALUE_DEPTH = 100;

  /// Of what [#charge] is told.
  private static final int CHARACTERS_A_UNIT = 16;

  private long left = WORK;
  private int depth;

  static int weight(int characters) {
    return 1 + characters / CHARACTERS_A_UNIT;
  }

  void charge(long units) {
    left -= units;
    if (units < 0 || left < 0) {
      throw new Failure("this takes too much work");
    }
  }

  void chargeCharacters(long characters) {
    charge(1 + characters / CHARACTERS_A_UNIT);
  }

  /// Taking a text apart into characters, which costs more than copying it.
  void chargeTakingApart(Value value) {
    charge(4L * value.weight());
  }

  /// Looking for a text in another, which may compare each character of one with each of the other.
  void chargeSearch(int haystack, int needle) {
    chargeCharacters((long) haystack * Math.max(1, needle / 4));
  }

  void enter() {
    depth++;
    if (depth > RENDERING_DEPTH) {
      throw new Failure("this is nested too deeply");
    }
  }

  void leave() {
    depth--;
  }
}
