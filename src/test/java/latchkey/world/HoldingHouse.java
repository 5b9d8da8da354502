package latchkey.world;

/// The same organisation, where nobody loses anything by being gone for a while.
public final class HoldingHouse extends LeavingHouse {
  @Override
  String onGone() {
    return "hold";
  }
}
