package latchkey.base.matrix;

import java.util.Optional;
import java.util.TreeSet;
import latchkey.base.oauth.Scope;

/// The scopes of MSC2967, which come in a stable and an unstable spelling that mean the same.
public final class MatrixScope {
  public static final String STABLE = "urn:matrix:client:";
  public static final String UNSTABLE = "urn:matrix:org.matrix.msc2967.client:";
  public static final String API = "api:*";
  public static final String DEVICE = "device:";
  public static final String STABLE_API = STABLE + API;
  public static final String UNSTABLE_API = UNSTABLE + API;
  public static final String STABLE_DEVICE = STABLE + DEVICE;
  public static final String UNSTABLE_DEVICE = UNSTABLE + DEVICE;

  private MatrixScope() {}

  /// The device id a scope names, in either spelling; the first one if there are several.
  public static Optional<String> deviceId(Scope scope) {
    for (var token : scope.tokens()) {
      if (token.startsWith(STABLE_DEVICE)) {
        return Optional.of(token.substring(STABLE_DEVICE.length()));
      }
      if (token.startsWith(UNSTABLE_DEVICE)) {
        return Optional.of(token.substring(UNSTABLE_DEVICE.length()));
      }
    }
    return Optional.empty();
  }

  /// The scope with this device in it; empty if the id has characters that a scope cannot carry
  /// (RFC 6749 §3.3).
  public static Optional<Scope> withDevice(Scope scope, String deviceId) {
    if (!deviceId.matches("[\\x21\\x23-\\x5b\\x5d-\\x7e]+")) {
      return Optional.empty();
    }
    var all = new TreeSet<>(scope.tokens());
    all.add(STABLE_DEVICE + deviceId);
    return Optional.of(new Scope(all));
  }

  /// Adds to each API or device scope the one in the other spelling, as homeservers of any age
  /// expect.
  public static Scope withTwins(Scope scope) {
    var all = new TreeSet<>(scope.tokens());
    for (var token : scope.tokens()) {
      if (isApiOrDevice(token, STABLE)) {
        all.add(UNSTABLE + token.substring(STABLE.length()));
      } else if (isApiOrDevice(token, UNSTABLE)) {
        all.add(STABLE + token.substring(UNSTABLE.length()));
      }
    }
    return new Scope(all);
  }

  private static boolean isApiOrDevice(String token, String prefix) {
    return token.equals(prefix + API) || token.startsWith(prefix + DEVICE);
  }
}
