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

  public TokenKeys(List<TokenKey> keys) {
    this.keys = List.copyOf(keys);
    for (var key : keys) {
      if (key.hasSecret()) {
        ciphers.put(key.id(), cipher(key));
      }
    }
    if (keys.stream().map(TokenKey::id).distinct().count() < keys.size()) {
      throw new IllegalArgumentException("two token keys have one id");
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

  /// The key that makes new tokens at `now`: the one whose time came last, or the first of the
  /// list; empty if none is left.
  ///
  /// @param withdrawn those that are not to be used, whatever the list says
  Optional<TokenKey> minting(Instant now, Set<Integer> withdrawn) {
    TokenKey best = null;
    TokenKey first = null;
    for (var key : keys) {
      if (key.withdrawn() || withdrawn.contains(key.id())) {
        continue;
      }
      first = first == null ? key : first;
      boolean due = key.mintFrom() == null || !now.isBefore(key.mintFrom());
      if (due && (best == null || isLater(key, best))) {
        best = key;
      }
    }
    return Optional.ofNullable(best == null ? first : best);
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
