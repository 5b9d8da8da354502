package latchkey.endpoint.oauth2.registration;

import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import latchkey.base.crypto.Digest;
import latchkey.base.crypto.Secret;
import latchkey.base.error.DomainProblem;
import latchkey.base.error.OAuthProblem;
import latchkey.base.limit.RateLimit;
import latchkey.base.limit.RateLimiter;
import latchkey.base.limit.RateLimiter.Verdict;
import latchkey.base.limit.RateLimitingConfig;
import latchkey.base.limit.Subnets;
import latchkey.base.oauth.OAuthError;
import latchkey.base.system.Randomness;
import latchkey.base.web.Requester;
import latchkey.domain.client.AuthMethod;
import latchkey.domain.client.ClientMetadata;
import latchkey.domain.client.Clients;
import latchkey.domain.policy.Policies;
import latchkey.domain.policy.Violation;

/// Registers a client (RFC 7591 §3.1): what it says is checked for form, then by the rules, then
/// stored. A client without a secret that says the same as before is the same client, because apps
/// register before every login.
@Singleton
class RegisterClient {
  private static final int SECRET_LENGTH = 20;
  private static final List<String> TEXTS =
      List.of(
          "client_name",
          "client_uri",
          "logo_uri",
          "policy_uri",
          "tos_uri",
          "application_type",
          "token_endpoint_auth_method",
          "initiate_login_uri");
  private static final List<String> LISTS = List.of("redirect_uris", "grant_types", "contacts");

  private final Clients clients;
  private final Policies policies;
  private final ReadMetadata readMetadata;
  private final Randomness randomness;
  private final RateLimiter limiter;
  private final RateLimit limit;

  RegisterClient(
      Clients clients,
      Policies policies,
      ReadMetadata readMetadata,
      Randomness randomness,
      RateLimiter limiter,
      RateLimitingConfig limits) {
    this.clients = clients;
    this.policies = policies;
    this.readMetadata = readMetadata;
    this.randomness = randomness;
    this.limiter = limiter;
    this.limit = limits.clientRegistration();
  }

  Clients.Registered handle(MetadataDocument document, Requester requester) {
    requirePermit(requester);
    var metadata = readMetadata.handle(document);
    requireAllowed(document, requester);
    Optional<Secret> secret =
        AuthMethod.needsSecret(metadata.authMethod())
            ? Optional.of(Secret.of(randomness.alphanumeric(SECRET_LENGTH)))
            : Optional.empty();
    return clients.register(metadata, digest(metadata), secret);
  }

  private void requirePermit(Requester requester) {
    if (limiter.take(limit, Subnets.of(requester.ipAddress()))
        instanceof Verdict.Refused(var retryAfter)) {
      throw DomainProblem.rateLimited(
          retryAfter, "Too many clients were registered from this address.");
    }
  }

  private void requireAllowed(MetadataDocument document, Requester requester) {
    var who = new Policies.Requester(requester.ipAddress(), requester.userAgent());
    var violations = policies.clientRegistration(document.only(TEXTS, LISTS), who);
    if (!violations.isEmpty()) {
      boolean aboutRedirects =
          violations.stream().anyMatch(violation -> violation.message().contains("redirect_uri"));
      throw OAuthProblem.of(
          aboutRedirects ? OAuthError.INVALID_REDIRECT_URI : OAuthError.INVALID_CLIENT_METADATA,
          String.join("; ", violations.stream().map(Violation::message).distinct().toList()));
    }
  }

  /// The same for the same metadata, whatever the order of members and lists was.
  private static String digest(ClientMetadata metadata) {
    var canonical = new TreeMap<String, Object>();
    canonical.put("redirect_uris", sorted(metadata.redirectUris()));
    canonical.put("grant_types", sorted(metadata.grantTypes()));
    canonical.put("response_types", sorted(metadata.responseTypes()));
    canonical.put("application_type", metadata.applicationType());
    canonical.put("token_endpoint_auth_method", metadata.authMethod());
    canonical.put("client_name", metadata.name());
    canonical.put("client_uri", metadata.uri());
    canonical.put("logo_uri", metadata.logoUri());
    canonical.put("policy_uri", metadata.policyUri());
    canonical.put("tos_uri", metadata.tosUri());
    canonical.put("contacts", sorted(metadata.contacts()));
    canonical.put("software_id", metadata.softwareId());
    canonical.put("software_version", metadata.softwareVersion());
    canonical.put("id_token_signed_response_alg", metadata.idTokenAlgorithm());
    canonical.put("userinfo_signed_response_alg", metadata.userinfoAlgorithm());
    canonical.put("initiate_login_uri", metadata.initiateLoginUri());
    var json = new JsonObject();
    canonical.forEach(json::put);
    return HexFormat.of().formatHex(Digest.sha256(json.encode()));
  }

  private static List<String> sorted(List<String> values) {
    return values.stream().sorted().distinct().toList();
  }
}
