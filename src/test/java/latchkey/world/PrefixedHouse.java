package latchkey.world;

/// A house below a path of somebody else's host.
public final class PrefixedHouse extends House {
  public PrefixedHouse() {
    super(10, "/auth");
  }
}
