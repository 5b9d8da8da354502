package latchkey.domain.token.history;

import java.util.HashSet;
import java.util.Set;

/// The token keys a replica was started with.
///
/// @param mint the key that makes new tokens
/// @param secondFrom from when on key 2 does
public record Keys(Set<Integer> known, Set<Integer> withdrawn, int mint, long secondFrom) {
  public Keys {
    known = Set.copyOf(known);
    withdrawn = Set.copyOf(withdrawn);
  }

  public static final Keys FIRST = new Keys(Set.of(1), Set.of(), 1, Token.NEVER);

  int mintAt(long now) {
    return now >= secondFrom ? 2 : mint;
  }

  Keys with(int key) {
    return new Keys(union(known, key), withdrawn, mint, secondFrom);
  }

  /// Everybody knows a key before anybody mints with it, if the admin does as told; here it is
  /// known at the latest now.
  Keys minting(int key) {
    return withdrawn.contains(key) ? this : new Keys(union(known, key), withdrawn, key, secondFrom);
  }

  /// The same without that key's tokens; minting goes on with the lowest key that is left. Key 1
  /// always is.
  Keys withdrawing(int key) {
    var gone = union(withdrawn, key);
    var left = union(known, key);
    left.removeAll(gone);
    int lowest = left.stream().min(Integer::compare).orElseThrow();
    return new Keys(union(known, key), gone, left.contains(mint) ? mint : lowest, secondFrom);
  }

  private static Set<Integer> union(Set<Integer> keys, int key) {
    var all = new HashSet<>(keys);
    all.add(key);
    return all;
  }
}
