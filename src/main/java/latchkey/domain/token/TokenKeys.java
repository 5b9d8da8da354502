package latchkey.domain.token;

import com.google.crypto.tink.DeterministicAead;
import com.google.crypto.tink.subtle.AesSiv;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The keys this server computes tokens with.
public final class TokenKeys {
  private final List<TokenKey> keys;
  private final Map<Integer, DeterministicAead> ciphers = new HashMap<>();
  private volatile Set<Integer> onceWithdrawn = Set.of();

  public TokenKeys(List<TokenKey> keys) {
    this.keys = List.copyOf(keys);
    for (var key : keys) {
      if (ciphers.put(key.id(), cipher(key)) != null) {
        throw new IllegalArgumentException("two token keys have the id " + key.id());
      }
    }
    if (keys.stream().allMatch(TokenKey::withdrawn)) {
      throw new IllegalArgumentException("there is no token key that is not withdrawn");
    }
  }

  public List<TokenKey> all() {
    return keys;
  }

  public Optional<TokenKey> find(int id) {
    return keys.stream().filter(key -> key.id() == id).findFirst();
  }

  /// The keys the database knows as withdrawn: their tokens stay dead when the key is listed no
  /// more.
  void rememberWithdrawn(Set<Integer> ids) {
    onceWithdrawn = Set.copyOf(ids);
  }

  /// Whether tokens under the key are dead for good.
  boolean isWithdrawn(int id) {
    return find(id).map(TokenKey::withdrawn).orElseGet(() -> onceWithdrawn.contains(id));
  }

  /// The key that makes new tokens at `now`: the one whose time came last, or the first of the
  /// list.
  public TokenKey minting(Instant now) {
    TokenKey best = null;
    for (var key : keys) {
      boolean due = key.mintFrom() == null || !now.isBefore(key.mintFrom());
      if (!key.withdrawn() && due && (best == null || isLater(key, best))) {
        best = key;
      }
    }
    return best != null
        ? best
        : keys.stream().filter(key -> !key.withdrawn()).findFirst().orElseThrow();
  }

  DeterministicAead cipher(int id) {
    var cipher = ciphers.get(id);
    if (cipher == null) {
      throw new IllegalArgumentException("there is no token key " + id);
    }
    return cipher;
  }

  private static boolean isLater(TokenKey key, TokenKey than) {
    return key.mintFrom() != null
        && (than.mintFrom() == null || key.mintFrom().isAfter(than.mintFrom()));
  }

  private static DeterministicAead cipher(TokenKey key) {
    try {
      return new AesSiv(key.aesSivKey());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-SIV is not available", e);
    }
  }
}
