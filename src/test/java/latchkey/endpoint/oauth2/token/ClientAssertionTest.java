package latchkey.endpoint.oauth2.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Clients of the configuration that prove themselves by a JWT they sign.
@QuarkusTest
@WithTestResource(House.class)
@Tag("RFC7523-3")
class ClientAssertionTest {
  private static final String KEY_CLIENT = "01KB0000000000000000000005";
  private static final String SECRET_CLIENT = "01KB0000000000000000000006";
  private static final String REDIRECT_URI = "https://signing.example.org/callback";

  /// RFC 7515, appendix A.3; its public half is in the configuration.
  private static final ECKey KEY =
      new ECKey.Builder(
              Curve.P_256,
              new Base64URL("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
              new Base64URL("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"))
          .d(new Base64URL("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"))
          .build();

  @Inject World world;

  @BeforeEach
  void the_house_is_open() {
    world.awaitReady();
  }

  @Test
  void private_key_jwt_from_the_sign_in_to_the_end() {
    var path = World.authorize(KEY_CLIENT, Map.of("redirect_uri", REDIRECT_URI));
    var code = world.consent(new Browser(), world.alice(), path).answer().get("code");

    var first =
        World.tokens(
            asserted(
                signed(good()),
                "/oauth2/token",
                Map.of(
                    "grant_type",
                    "authorization_code",
                    "code",
                    code,
                    "redirect_uri",
                    REDIRECT_URI,
                    "code_verifier",
                    "abcdefghijklmnopqrstuvwxyz-0123456789.ABCDEFGHIJ_~")));
    var second =
        World.tokens(
            asserted(
                signed(good()),
                "/oauth2/token",
                Map.of("grant_type", "refresh_token", "refresh_token", first.refresh())));

    asserted(signed(good()), "/oauth2/introspect", Map.of("token", second.access()))
        .then()
        .statusCode(200)
        .body("active", equalTo(true));
    asserted(signed(good()), "/oauth2/revoke", Map.of("token", second.refresh()))
        .then()
        .statusCode(200);
    assertThat(world.isActive(second.access())).isFalse();
  }

  @Test
  void client_secret_jwt_by_each_algorithm_however_short_the_secret() throws Exception {
    for (var algorithm : List.of("HS256", "HS384", "HS512")) {
      var claims = good().subject(SECRET_CLIENT).issuer(SECRET_CLIENT);

      accepted(refresh(mac(algorithm, claims.build(), "kurz")));
      refused(refresh(mac(algorithm, good(SECRET_CLIENT).build(), "falsch")));
    }
  }

  @Test
  void an_assertion_counts_once() {
    var assertion = signed(good());

    accepted(refresh(assertion));
    refused(refresh(assertion));

    // Its row is gone when nobody could use it any more, and not before.
    world.clock().advance(Duration.ofMinutes(4));
    world.runJobs();
    refused(refresh(assertion));
    assertThat(World.count("select count(*) from latchkey.used_assertions")).isNotZero();
    world.clock().advance(Duration.ofMinutes(65));
    world.runJobs();
    assertThat(World.count("select count(*) from latchkey.used_assertions")).isZero();
    refused(refresh(assertion));
  }

  @Test
  void every_audience_that_means_this_server_is_taken_with_and_without_a_slash() {
    for (var audience :
        List.of(
            House.url(),
            House.url() + "/",
            House.url() + "/oauth2/token",
            House.url() + "/oauth2/introspect")) {
      accepted(refresh(signed(good().audience(audience))));
    }
    accepted(refresh(signed(good().audience(List.of("https://other.example/", House.url())))));
    for (var audience : List.of("https://other.example/", House.url() + "/authorize")) {
      refused(refresh(signed(good().audience(audience))));
    }
    refused(refresh(signed(good().audience((String) null))));
  }

  @Test
  void what_is_missing_out_of_time_or_somebody_elses_is_refused() {
    for (UnaryOperator<JWTClaimsSet.Builder> change :
        List.<UnaryOperator<JWTClaimsSet.Builder>>of(
            claims -> claims.issuer(null),
            claims -> claims.issuer(SECRET_CLIENT),
            claims -> claims.jwtID(null),
            claims -> claims.jwtID(""),
            claims -> claims.jwtID("x".repeat(257)),
            claims -> claims.expirationTime(null),
            claims -> claims.expirationTime(in(-31)),
            claims -> claims.expirationTime(in(11 * 60)),
            claims -> claims.notBeforeTime(in(40)),
            claims -> claims.issueTime(in(40)))) {
      refused(refresh(signed(change.apply(good()))));
    }
    accepted(refresh(signed(good().expirationTime(in(-20)).issueTime(in(20)))));
  }

  @Test
  void another_key_another_method_or_an_unknown_extension_is_refused() throws Exception {
    var stranger = new ECKeyGenerator(Curve.P_256).generate();
    refused(refresh(signed(header(JWSAlgorithm.ES256).build(), good(), new ECDSASigner(stranger))));
    var signer = new ECDSASigner(KEY);
    var critical = header(JWSAlgorithm.ES256).criticalParams(Set.of("b64x")).customParam("b64x", 1);
    refused(refresh(signed(critical.build(), good(), signer)));
    accepted(refresh(signed(header(JWSAlgorithm.ES256).keyID("any").build(), good(), signer)));

    // A public key is no secret.
    var asSecret = KEY.toECPublicKey().getEncoded();
    refused(refresh(mac("HS256", good().build(), new String(asSecret, StandardCharsets.UTF_8))));
    refused(refresh(signed(good(SECRET_CLIENT))));
    refused(refresh(signed(good(World.CONFIDENTIAL))));
    refused(refresh(signed(good("01KB00000000000000000000ZZ"))));

    var none =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.US_ASCII));
    var claims = signed(good()).split("\\.", -1)[1];
    malformed(refresh(none + "." + claims + "."));
  }

  @Test
  @Tag("RFC7521-4.2")
  void what_is_no_assertion_or_comes_with_another_proof_is_an_invalid_request() {
    var bogus = Map.of("grant_type", "refresh_token", "refresh_token", "x");
    malformed(refresh("nonsense"));
    malformed(refresh(signed(good().subject(null))));
    malformed(asserted(signed(good()), "/oauth2/token", with(bogus, "client_id", SECRET_CLIENT)));
    malformed(asserted(signed(good()), "/oauth2/token", with(bogus, "client_secret", "kurz")));
    malformed(
        World.http()
            .formParams(with(bogus, "client_assertion", signed(good())))
            .post("/oauth2/token"));
    malformed(
        World.http()
            .formParams(with(bogus, "client_assertion", signed(good())))
            .formParam("client_assertion_type", "urn:ietf:params:oauth:saml2-bearer")
            .post("/oauth2/token"));
    accepted(asserted(signed(good()), "/oauth2/token", with(bogus, "client_id", KEY_CLIENT)));
  }

  /// The client is proven, and what it brings is worth nothing.
  private static void accepted(Response answer) {
    answer.then().statusCode(400).body("error", equalTo("invalid_grant"));
  }

  private static void refused(Response answer) {
    answer.then().statusCode(401).body("error", equalTo("invalid_client"));
  }

  private static void malformed(Response answer) {
    answer.then().statusCode(400).body("error", equalTo("invalid_request"));
  }

  private JWTClaimsSet.Builder good() {
    return good(KEY_CLIENT);
  }

  private JWTClaimsSet.Builder good(String client) {
    return new JWTClaimsSet.Builder()
        .issuer(client)
        .subject(client)
        .audience(House.url() + "/oauth2/token")
        .jwtID(UUID.randomUUID().toString())
        .issueTime(in(0))
        .expirationTime(in(300));
  }

  private Date in(long seconds) {
    return Date.from(world.clock().instant().plusSeconds(seconds));
  }

  private static JWSHeader.Builder header(JWSAlgorithm algorithm) {
    return new JWSHeader.Builder(algorithm);
  }

  private static String signed(JWTClaimsSet.Builder claims) {
    try {
      return signed(header(JWSAlgorithm.ES256).build(), claims, new ECDSASigner(KEY));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String signed(JWSHeader header, JWTClaimsSet.Builder claims, JWSSigner signer) {
    try {
      var jwt = new SignedJWT(header, claims.build());
      jwt.sign(signer);
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /// By hand: the library does not sign with so short a secret.
  private static String mac(String algorithm, JWTClaimsSet claims, String secret)
      throws GeneralSecurityException {
    var name = algorithm.replace("HS", "HmacSHA");
    var mac = Mac.getInstance(name);
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), name));
    var text =
        Base64URL.encode("{\"alg\":\"" + algorithm + "\"}")
            + "."
            + Base64URL.encode(claims.toString());
    return text + "." + Base64URL.encode(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
  }

  private static Response refresh(String assertion) {
    return asserted(
        assertion, "/oauth2/token", Map.of("grant_type", "refresh_token", "refresh_token", "x"));
  }

  private static Response asserted(String assertion, String path, Map<String, String> form) {
    return World.http()
        .formParams(form)
        .formParam("client_assertion", assertion)
        .formParam(
            "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        .post(path);
  }

  private static Map<String, String> with(Map<String, String> form, String key, String value) {
    var more = new HashMap<>(form);
    more.put(key, value);
    return more;
  }
}
