package latchkey.domain.token;

import java.time.Duration;
import latchkey.base.crypto.Secret;

/// The tokens of one generation of a session.
///
/// @param accessLife what is left of the access token's life
public record TokenPair(Secret access, Duration accessLife, Secret refresh) {}
