package latchkey.world;

/// A house whose application has one connection to its database.
public final class NarrowHouse extends House {
  public NarrowHouse() {
    super(1, "");
  }
}
