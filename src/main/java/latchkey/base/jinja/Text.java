package latchkey.base.jinja;

/// A text while it grows, within bounds.
final class Text {
  private final StringBuilder text = new StringBuilder();
  private final Budget budget;
  private final int most;

  Text(Budget budget) {
    this(budget, Budget.TEXT_CHARACTERS);
  }

  Text(Budget budget, int most) {
    this.budget = budget;
    this.most = most;
  }

  Text add(String more) {
    makeRoom(more.length());
    text.append(more);
    return this;
  }

  Text add(int codePoint) {
    makeRoom(2);
    text.appendCodePoint(codePoint);
    return this;
  }

  Text add(String more, long times) {
    if (times > most) {
      throw tooLong();
    }
    makeRoom(more.length() * times);
    text.repeat(more, (int) times);
    return this;
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  private void makeRoom(long characters) {
    if (text.length() + characters > most) {
      throw tooLong();
    }
    budget.chargeCharacters(characters);
  }

  private static Failure tooLong() {
    return new Failure("a text grows too long");
  }

  Value value() {
    return new Value.Str(text.toString());
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
