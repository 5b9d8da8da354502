package latchkey.endpoint.oauth2.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.crypto.bc.BouncyCastleProviderSingleton;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.security.interfaces.ECPublicKey;
import latchkey.world.House;
import latchkey.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@WithTestResource(House.class)
@Timeout(60)
class KeysTest {
  @Inject World world;

  @Test
  void the_keys_of_the_folder_are_published_before_those_of_the_list() throws Exception {
    var keys = published().getKeys();

    assertThat(keys)
        .extracting(key -> key instanceof ECKey ec ? ec.getCurve().getName() : "RSA")
        .containsExactly("P-384", "RSA", "P-256", "P-384", "secp256k1");
    assertThat(keys)
        .allSatisfy(
            key -> assertThat(key.getKeyID()).isEqualTo(key.computeThumbprint().toString()));
  }

  @Test
  void a_client_gets_its_id_token_signed_as_it_registered_by_the_last_key_that_fits()
      throws Exception {
    var alice = world.alice();
    var keys = published();
    var offered =
        World.http()
            .get("/.well-known/openid-configuration")
            .jsonPath()
            .getList("id_token_signing_alg_values_supported", String.class);

    assertThat(offered)
        .containsExactlyInAnyOrder(
            "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES256K");
    for (var algorithm : offered) {
      var metadata = World.metadata();
      metadata.put("id_token_signed_response_alg", algorithm);
      String client = world.register(metadata).then().statusCode(201).extract().path("client_id");

      var token = SignedJWT.parse(world.logIn(alice, client, World.device()).idToken());

      assertThat(token.getHeader().getAlgorithm().getName()).isEqualTo(algorithm);
      var key = keys.getKeyByKeyId(token.getHeader().getKeyID());
      assertThat(verifies(token, key)).as(algorithm).isTrue();
      if (algorithm.equals("ES384")) {
        assertThat(key).isEqualTo(keys.getKeys().get(3));
      }
    }
  }

  private static JWKSet published() throws Exception {
    return JWKSet.parse(World.http().get("/oauth2/keys.json").asString());
  }

  private static boolean verifies(SignedJWT token, JWK key) throws Exception {
    if (key instanceof RSAKey rsa) {
      return token.verify(new RSASSAVerifier(rsa));
    }
    var provider = BouncyCastleProviderSingleton.getInstance();
    var verifier = new ECDSAVerifier((ECPublicKey) key.toECKey().toECPublicKey(provider));
    verifier.getJCAContext().setProvider(provider);
    return token.verify(verifier);
  }
}
