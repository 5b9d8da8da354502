package latchkey.domain.token.history;

import java.util.HashSet;
import java.util.Set;

/// The token keys a replica was started with.
///
/// @param mint the key that makes new tokens
public record Keys(Set<Integer> known, Set<Integer> withdrawn, int mint) {
  public Keys {
    known = Set.copyOf(known);
    withdrawn = Set.copyOf(withdrawn);
  }

  public static final Keys FIRST = new Keys(Set.of(1), Set.of(), 1);

  Keys with(int key) {
    return new Keys(union(known, key), withdrawn, mint);
  }

  /// Everybody knows a key before anybody mints with it, if the admin does as told; here it is
  /// known at the latest now.
  Keys minting(int key) {
    return withdrawn.contains(key) ? this : new Keys(union(known, key), withdrawn, key);
  }

  /// The same without that key's tokens; minting goes on with the lowest key that is left. Key 1
  /// always is.
  Keys withdrawing(int key) {
    var gone = union(withdrawn, key);
    var left = union(known, key);
    left.removeAll(gone);
    int lowest = left.stream().min(Integer::compare).orElseThrow();
    return new Keys(union(known, key), gone, left.contains(mint) ? mint : lowest);
  }

  private static Set<Integer> union(Set<Integer> keys, int key) {
    var all = new HashSet<>(keys);
    all.add(key);
    return all;
  }
}
