package latchkey.domain.upstream;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import latchkey.base.config.Kind;
import latchkey.base.config.Section;
import latchkey.base.crypto.Secret;

/// How we prove ourselves to a provider (`configuration.md` 12.1).
///
/// @param secret with a `client_secret_…` method
/// @param signingAlgorithm with a `…_jwt` method
/// @param apple with the method `sign_in_with_apple`
public record ProviderCredentials(
    Method method,
    Optional<Secret> secret,
    Optional<String> signingAlgorithm,
    Optional<Apple> apple) {
  /// `token_endpoint_auth_method`.
  public enum Method {
    NONE,
    CLIENT_SECRET_BASIC,
    CLIENT_SECRET_POST,
    CLIENT_SECRET_JWT,
    PRIVATE_KEY_JWT,
    SIGN_IN_WITH_APPLE;

    private boolean needsSecret() {
      return this == CLIENT_SECRET_BASIC || this == CLIENT_SECRET_POST || this == CLIENT_SECRET_JWT;
    }

    private boolean isApple() {
      return this == SIGN_IN_WITH_APPLE;
    }

    private boolean signs() {
      return this == CLIENT_SECRET_JWT || this == PRIVATE_KEY_JWT;
    }
  }

  /// The key that Apple gave its customer.
  public record Apple(String teamId, String keyId, Secret privateKey) {}

  static ProviderCredentials read(Section provider) {
    var method =
        provider.require("token_endpoint_auth_method", Kind.choice(Method.class), Method.NONE);
    var secret = provider.secret("client_secret", true);
    requireOrForbid(provider, "client_secret", Method::needsSecret, secret.isPresent());
    var algorithm = provider.value("token_endpoint_auth_signing_alg", Algorithms.SIGNING);
    requireOrForbid(
        provider,
        "token_endpoint_auth_signing_alg",
        Method::signs,
        provider.has("token_endpoint_auth_signing_alg"));
    boolean hasApple = provider.has("sign_in_with_apple");
    requireOrForbid(provider, "sign_in_with_apple", Method::isApple, hasApple);
    var apple = provider.section("sign_in_with_apple");
    return new ProviderCredentials(
        method, secret, algorithm, hasApple ? Optional.of(apple(apple)) : Optional.empty());
  }

  private static void requireOrForbid(
      Section provider, String key, Predicate<Method> needing, boolean given) {
    var method = provider.choice("token_endpoint_auth_method", Method.class);
    var methods =
        Stream.of(Method.values())
            .filter(needing)
            .map(Kind::spelt)
            .collect(Collectors.joining(", "));
    boolean needed = method.filter(needing).isPresent();
    provider.rule(key, !needed || given, "is needed with token_endpoint_auth_method " + methods);
    provider.rule(
        given && !provider.has(key) ? key + "_file" : key,
        method.isEmpty() || needed || !given,
        "is only allowed with token_endpoint_auth_method " + methods);
  }

  private static Apple apple(Section apple) {
    var teamId = apple.requireString("team_id");
    var keyId = apple.requireString("key_id");
    apple.rule(
        "private_key",
        apple.has("private_key") || apple.has("private_key_file"),
        "is missing; give it or private_key_file");
    // Both are allowed here, and the inline one counts.
    var file = apple.secretFile("private_key_file", true);
    var key = apple.string("private_key").map(Secret::of).or(() -> file);
    return new Apple(teamId, keyId, key.orElse(Secret.of("")));
  }
}
