package latchkey.domain.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;
import latchkey.domain.upstream.ProviderProblem.Kind;
import latchkey.world.FakeUpstream;
import latchkey.world.Logs;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// We prove to a provider that we are the client it knows.
class ProveClientTest {
  @ParameterizedTest
  @CsvSource({
    "none,''",
    "client_secret_basic,''",
    "client_secret_post,''",
    "client_secret_jwt,HS256",
    "private_key_jwt,RS256",
    "private_key_jwt,ES256"
  })
  @Tag("OIDC-Core-9")
  void we_prove_ourselves_in_the_way_that_is_configured(String method, String algorithm) {
    var further =
        "token_endpoint_auth_method: "
            + method
            + (algorithm.isEmpty() ? "" : "\ntoken_endpoint_auth_signing_alg: " + algorithm)
            + "\nclient_secret: "
            + (method.startsWith("client_secret")
                ? '"' + FakeUpstream.CLIENT_SECRET + '"'
                : "null");
    try (var there = Acquaintance.with(further)) {
      there.provider.demand(method);
      there.provider.trustClientKeys(new String(there.signingKeys.jwks(), StandardCharsets.UTF_8));

      assertThat(there.signIn().subject()).hasValue("alice");
      assertThat(there.signIn().subject()).as("once more, by another assertion").isPresent();
    }
  }

  @Test
  void apple_wants_a_secret_that_is_signed_anew_each_time() throws Exception {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    var pair = generator.generateKeyPair();
    var pem =
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
            + "\n-----END PRIVATE KEY-----";
    var further =
        """
        token_endpoint_auth_method: sign_in_with_apple
        client_secret: null
        sign_in_with_apple: {team_id: TEAM, key_id: KEY, private_key: "%s"}
        """
            .formatted(pem.replace("\r\n", "\n").replace("\n", "\\n"));
    try (var there = Acquaintance.with(further)) {
      var publicKey = new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic()).build();
      there.provider.demandApple("TEAM", "KEY", publicKey.toJSONString());

      assertThat(there.signIn().subject()).hasValue("alice");
    }
  }

  @Test
  void a_secret_that_was_changed_there_is_told_clearly_and_nobody_sees_it() {
    try (var there = Acquaintance.with("");
        var log = Logs.of(AskTokens.class)) {
      there.provider.changeClientSecret("another");

      var problem = catchThrowableOfType(ProviderProblem.class, there::signIn);

      assertThat(problem.kind())
          .isInstanceOfSatisfying(Kind.Refused.class, it -> assertThat(it.isAboutUs()).isTrue());
      assertThat(log.texts())
          .singleElement()
          .asString()
          .contains("invalid_client", "client_secret", "until client_id")
          .doesNotContain(FakeUpstream.CLIENT_SECRET, "another");
      assertThat(there.watch.trouble(there.config.id())).as("it is not down").isEmpty();
    }
  }
}
