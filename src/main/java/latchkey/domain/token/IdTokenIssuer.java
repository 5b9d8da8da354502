package latchkey.domain.token;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.crypto.Secret;
import latchkey.base.crypto.SigningKeys;
import latchkey.base.oauth.Acr;
import latchkey.base.system.Ids;
import org.jspecify.annotations.Nullable;

/// Signs ID tokens (OpenID Connect Core §2, §3.1.3.6).
@Singleton
public class IdTokenIssuer {
  private static final Duration LIFE = Duration.ofHours(1);

  /// The issuer's name, as every token and document spells it.
  public record Issuer(String name) {}

  /// What an ID token is about.
  ///
  /// @param amr how they have proved who they are (RFC 8176)
  /// @param acr how well; null for what follows from `amr`
  /// @param more claims the client asked for by name
  /// @param algorithm how the client wants it signed; see [SigningKeys#algorithms()]
  public record Subject(
      UUID user,
      UUID client,
      UUID browserSession,
      Instant authenticatedAt,
      List<String> amr,
      @Nullable String acr,
      @Nullable String nonce,
      Secret accessToken,
      Map<String, Object> more,
      String algorithm) {
    public Subject {
      amr = List.copyOf(amr);
      more = Map.copyOf(more);
    }
  }

  private final Issuer issuer;
  private final SigningKeys keys;
  private final Clock clock;

  IdTokenIssuer(Issuer issuer, SigningKeys keys, Clock clock) {
    this.issuer = issuer;
    this.keys = keys;
    this.clock = clock;
  }

  public Secret issue(Subject subject) {
    long now = clock.instant().getEpochSecond();
    var claims = new LinkedHashMap<>(subject.more());
    claims.put("iss", issuer.name());
    claims.put("sub", Ids.text(subject.user()));
    claims.put("aud", Ids.text(subject.client()));
    claims.put("iat", now);
    claims.put("exp", now + LIFE.toSeconds());
    claims.put("auth_time", subject.authenticatedAt().getEpochSecond());
    if (!subject.amr().isEmpty()) {
      claims.put("amr", subject.amr());
    }
    Optional.ofNullable(subject.acr())
        .or(() -> Acr.of(subject.amr()))
        .ifPresent(acr -> claims.put("acr", acr));
    claims.put("sid", Ids.text(subject.browserSession()));
    claims.put(
        "at_hash", SigningKeys.leftHalfHash(subject.algorithm(), subject.accessToken().reveal()));
    if (subject.nonce() != null) {
      claims.put("nonce", subject.nonce());
    }
    return Secret.of(keys.sign(subject.algorithm(), claims));
  }
}
