package latchkey.domain.upstream;

import java.util.List;
import latchkey.base.config.Kind;

/// Names of signature algorithms (RFC 7518 §3.1, RFC 8037, RFC 8812) that a provider can be
/// configured with.
final class Algorithms {
  static final Kind<String> SIGNING =
      Kind.oneOf(
          List.of(
              "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512",
              "ES256", "ES384", "ES512", "ES256K", "EdDSA", "Ed25519", "Ed448"));

  private Algorithms() {}
}
