package latchkey.base.jinja;

/// What is not there, and what is there and empty.
enum Nothing implements Value {
  UNDEFINED,
  NONE;

  @Override
  public Kind kind() {
    return this == UNDEFINED ? Kind.UNDEFINED : Kind.NONE;
  }

  @Override
  public boolean isTrue() {
    return false;
  }
}
