package latchkey.domain.upstream;

import latchkey.base.crypto.Secret;

/// What only this trip's browser and we can say: see [Trips].
///
/// @param state RFC 6749 §4.1.1
/// @param nonce OpenID Connect Core §3.1.2.1
/// @param verifier RFC 7636 §4.1
public record TripSecrets(Secret state, Secret nonce, Secret verifier) {}
