package latchkey.domain.upstream;

import static latchkey.world.FakeUpstream.Endpoint.KEYS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.bc.BouncyCastleProviderSingleton;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import latchkey.base.crypto.MacSignature;
import latchkey.base.crypto.Secret;
import latchkey.base.crypto.SigningKeys;
import latchkey.domain.upstream.ProviderProblem.Kind;
import latchkey.world.FakeUpstream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// By what nobody comes in, and what is only unusual.
@Tag("OIDC-Core-3.1.3.7")
class CheckIdTokenTest {
  private static final Optional<Secret> NONE = Optional.empty();

  private interface Change extends Consumer<Map<String, Object>> {}

  static List<Arguments> whatIsWrong() {
    return Stream.<Arguments>of(
            wrong("another issuer", it -> it.put("iss", "https://evil.example"), "of the issuer"),
            wrong(
                "its issuer with a slash",
                it -> it.merge("iss", "/", CheckIdTokenTest::append),
                "of the issuer"),
            wrong("no issuer", it -> it.remove("iss"), "of the issuer nobody"),
            wrong("for another client", it -> it.put("aud", "another"), "is for another"),
            wrong(
                "for a client that is called like ours",
                it -> it.put("aud", "latchkey"),
                "is for latchkey"),
            wrong("for nobody", it -> it.remove("aud"), "is for nobody"),
            wrong(
                "for us and another, without azp",
                it -> it.put("aud", List.of(FakeUpstream.CLIENT_ID, "b")),
                "was given to nobody"),
            wrong("given to another", it -> it.put("azp", "another"), "was given to another"),
            wrong("another nonce", it -> it.put("nonce", "x"), "not for this sign-in"),
            wrong("no nonce", it -> it.remove("nonce"), "not for this sign-in"),
            wrong("a nonce that is no text", it -> it.put("nonce", 1), "not for this sign-in"),
            wrong("expired", it -> it.put("exp", seconds(it, "iat", -121)), "has expired"),
            wrong("no expiry", it -> it.remove("exp"), "does not say when"),
            wrong("an expiry that is no number", it -> it.put("exp", "soon"), "does not say when"),
            wrong("an expiry at no time", it -> it.put("exp", 1e300), "does not say when"),
            wrong("from the future", it -> it.put("iat", seconds(it, "iat", 180)), "in the future"),
            wrong("not yet", it -> it.put("nbf", seconds(it, "iat", 180)), "in the future"),
            wrong("nobody", it -> it.remove("sub"), "names nobody"),
            wrong("an empty name", it -> it.put("sub", ""), "names nobody"),
            wrong("a number for a name", it -> it.put("sub", 7), "names nobody"),
            wrong("an endless name", it -> it.put("sub", "x".repeat(256)), "names nobody"),
            wrong("of another access token", it -> it.put("at_hash", "x"), "(at_hash)"),
            wrong("of another code", it -> it.put("c_hash", "x"), "(c_hash)"))
        .toList();
  }

  private static Arguments wrong(String what, Change change, String words) {
    return Arguments.of(what, change, words);
  }

  private static Object append(Object one, Object other) {
    return one + "" + other;
  }

  private static long seconds(Map<String, Object> claims, String name, long later) {
    return ((Number) claims.get(name)).longValue() + later;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("whatIsWrong")
  void nobody_comes_in_by_it(String what, Change change, String words) {
    try (var there = Acquaintance.with("")) {
      there.provider.onIdToken(change);

      assertUntrusted(there, words);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = FakeUpstream.Signature.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = "PROPER")
  @Tag("RFC8725-3.1")
  void nobody_comes_in_by_a_signature_that_is_none_of_its_keys(FakeUpstream.Signature signature) {
    try (var there = Acquaintance.with("")) {
      there.provider.signature(signature);

      assertUntrusted(
          there,
          switch (signature) {
            case NONE -> "is no signed JWT";
            case PUBLIC_KEY_AS_SECRET -> "is signed with HS256; the configuration says RS256";
            default -> "fits none of its keys";
          });
    }
  }

  @Test
  void the_provider_may_not_choose_another_algorithm_than_the_configured_one() {
    try (var there = Acquaintance.with("")) {
      there.provider.signWith("ES256");
      assertUntrusted(there, "is signed with ES256; the configuration says RS256");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS512", "PS256", "ES256", "HS256"})
  void the_algorithm_is_the_configured_one(String algorithm) {
    try (var there = Acquaintance.with("id_token_signed_response_alg: " + algorithm)) {
      there.provider.signWith(algorithm);
      // The stand-in hashes for algorithms with SHA-256 only.
      there.provider.onIdToken(it -> it.remove("at_hash"));

      assertThat(there.signIn().subject()).hasValue("alice");
    }
  }

  @Test
  void a_planted_key_signs_nothing() throws Exception {
    var known = "a secret that everybody knows, 32 bytes".getBytes(StandardCharsets.UTF_8);
    try (var there = Acquaintance.with("id_token_signed_response_alg: HS256")) {
      there.provider.onKeys(
          it ->
              it.add(
                  new OctetSequenceKey.Builder(known)
                      .keyID("planted")
                      .algorithm(JWSAlgorithm.HS256)
                      .build()
                      .toJSONObject()));
      var jwt =
          MacSignature.sign(
              "HS256",
              "{\"sub\":\"mallory\"}",
              Secret.of(new String(known, StandardCharsets.UTF_8)));

      assertThatThrownBy(() -> there.signature.handle(there.config, "HS256", jwt, "it"))
          .hasMessageContaining("does not fit client_secret");
    }
    try (var there = Acquaintance.with("id_token_signed_response_alg: ES256")) {
      there.provider.signWith("ES256");
      there.provider.onKeys(it -> it.forEach(key -> key.put("use", "enc")));

      assertUntrusted(there, "fits none of its keys");
    }
    try (var there = Acquaintance.with("id_token_signed_response_alg: ES256")) {
      there.provider.signWith("ES256");
      there.provider.onKeys(it -> it.forEach(key -> key.put("alg", "ES384")));

      assertUntrusted(there, "fits none of its keys");
    }
  }

  @Test
  void a_header_that_demands_something_is_not_understood() throws Exception {
    try (var there = Acquaintance.with("id_token_signed_response_alg: ES256")) {
      var key = new ECKeyGenerator(Curve.P_256).keyID("k").generate();
      there.provider.onKeys(it -> it.add(key.toPublicJWK().toJSONObject()));
      var header =
          new JWSHeader.Builder(JWSAlgorithm.ES256)
              .keyID("k")
              .criticalParams(Set.of("exp"))
              .customParam("exp", 1)
              .build();
      var jws = new JWSObject(header, new Payload("{}"));
      jws.sign(new ECDSASigner(key));

      assertThatThrownBy(() -> there.signature.handle(there.config, "ES256", jws.serialize(), "it"))
          .hasMessageContaining("(crit)");
    }
  }

  @Test
  void claims_that_can_be_read_in_two_ways_are_not_read() {
    try (var there = Acquaintance.with("id_token_signed_response_alg: HS256")) {
      var jwt =
          MacSignature.sign(
              "HS256",
              "{\"sub\":\"alice\",\"sub\":\"mallory\"}",
              Secret.of(FakeUpstream.CLIENT_SECRET));

      assertThatThrownBy(() -> there.signature.handle(there.config, "HS256", jwt, "it"))
          .hasMessageContaining("holds no claims");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Ed25519", "Ed448"})
  @Tag("RFC8037-3.1")
  void keys_on_edwards_curves_are_known(String curve) throws Exception {
    var pair = KeyPairGenerator.getInstance(curve).generateKeyPair();
    var point = ((EdECPublicKey) pair.getPublic()).getPoint();
    var bytes = new byte[curve.equals("Ed25519") ? 32 : 57];
    var y = point.getY().toByteArray();
    for (int i = 0; i < y.length && i < bytes.length; i++) {
      bytes[i] = y[y.length - 1 - i];
    }
    if (point.isXOdd()) {
      bytes[bytes.length - 1] |= (byte) 0x80;
    }
    var jwk =
        Map.<String, Object>of("kty", "OKP", "crv", curve, "x", Base64URL.encode(bytes).toString());
    var header = Base64URL.encode("{\"alg\":\"EdDSA\"}") + ".";
    var input = header + Base64URL.encode("{\"sub\":\"alice\"}");
    var signer = Signature.getInstance(curve);
    signer.initSign(pair.getPrivate());
    signer.update(input.getBytes(StandardCharsets.US_ASCII));
    var signature = "." + Base64URL.encode(signer.sign());
    var jwt = input + signature;
    var forged = header + Base64URL.encode("{\"sub\":\"mallory\"}") + signature;
    try (var there = Acquaintance.with("id_token_signed_response_alg: EdDSA")) {
      there.provider.onKeys(it -> it.add(jwk));

      assertThat(there.signature.handle(there.config, "EdDSA", jwt, "it"))
          .containsEntry("sub", "alice");
      assertThatThrownBy(() -> there.signature.handle(there.config, "EdDSA", forged, "it"))
          .isInstanceOf(ProviderProblem.class);
    }
  }

  @Test
  @Tag("RFC8812-3.2")
  void keys_on_secp256k1_are_known() throws Exception {
    var bouncy = BouncyCastleProviderSingleton.getInstance();
    var key = new ECKeyGenerator(Curve.SECP256K1).provider(bouncy).keyID("k").generate();
    var jws =
        new JWSObject(
            new JWSHeader.Builder(JWSAlgorithm.ES256K).keyID("k").build(),
            new Payload("{\"sub\":\"alice\"}"));
    var signer = new ECDSASigner(key.toECPrivateKey(bouncy), Curve.SECP256K1);
    signer.getJCAContext().setProvider(bouncy);
    jws.sign(signer);
    try (var there = Acquaintance.with("id_token_signed_response_alg: ES256K")) {
      there.provider.onKeys(it -> it.add(key.toPublicJWK().toJSONObject()));

      assertThat(there.signature.handle(there.config, "ES256K", jws.serialize(), "it"))
          .containsEntry("sub", "alice");
    }
  }

  @ParameterizedTest
  @CsvSource({"exp,-110", "iat,110", "nbf,110"})
  void two_minutes_between_its_clock_and_ours_do_not_matter(String claim, long later) {
    try (var there = Acquaintance.with("")) {
      there.provider.onIdToken(it -> it.put(claim, seconds(it, "iat", later)));

      assertThat(there.signIn().subject()).hasValue("alice");
    }
  }

  @Test
  void several_audiences_are_all_right_if_it_was_given_to_us() {
    try (var there = Acquaintance.with("")) {
      there.provider.onIdToken(
          it -> {
            it.put("aud", List.of("api", FakeUpstream.CLIENT_ID));
            it.put("azp", FakeUpstream.CLIENT_ID);
            it.put("acr", "gold");
            it.put("amr", List.of("pwd", "otp"));
          });

      var identity = there.signIn();

      assertThat(identity.acr()).hasValue("gold");
      assertThat(identity.amr()).containsExactly("pwd", "otp");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HS256", "HS384", "HS512"})
  @Tag("OIDC-Core-3.1.3.8")
  void hashes_follow_the_algorithm(String algorithm) {
    try (var there = Acquaintance.with("id_token_signed_response_alg: " + algorithm)) {
      long now = there.clock.instant().getEpochSecond();
      var claims =
          Map.of(
              "iss",
              there.provider.issuer(),
              "aud",
              FakeUpstream.CLIENT_ID,
              "sub",
              "alice",
              "iat",
              now,
              "exp",
              now + 60,
              "at_hash",
              SigningKeys.leftHalfHash(algorithm, "the access token"));
      var secret = Secret.of(FakeUpstream.CLIENT_SECRET);
      var idToken = Secret.of(MacSignature.sign(algorithm, PlainJson.write(claims), secret));

      assertThat(there.checkIdToken.handle(there.config, idToken, cameWith("the access token")))
          .containsEntry("sub", "alice");
      assertThatThrownBy(
              () -> there.checkIdToken.handle(there.config, idToken, cameWith("another")))
          .hasMessageContaining("(at_hash)");
    }
  }

  private static CheckIdToken.Beside cameWith(String accessToken) {
    return new CheckIdToken.Beside(NONE, Optional.of(Secret.of(accessToken)), NONE);
  }

  @Test
  void an_injected_id_token_of_another_trip_lets_nobody_in() {
    try (var there = Acquaintance.with("")) {
      there.travel();
      var stolen = there.provider.idToken(there.secrets().nonce().reveal());
      there.provider.onTokens(it -> it.put("id_token", stolen));

      assertUntrusted(there, "not for this sign-in");
    }
  }

  @Test
  void new_keys_are_found_and_a_key_nobody_knows_is_not_looked_for_again_and_again() {
    try (var there = Acquaintance.with("")) {
      there.signIn();
      there.provider.rotateKeys();

      assertThat(there.signIn().subject())
          .as("with a key that is newer than what was just fetched")
          .hasValue("alice");
      assertThat(there.provider.asked(KEYS)).hasSize(2);

      there.provider.signature(FakeUpstream.Signature.FORGED);
      for (int i = 0; i < 5; i++) {
        assertUntrusted(there, "fits none of its keys");
      }
      assertThat(there.provider.asked(KEYS)).as("half a minute is not over").hasSize(2);

      there.clock.advance(Duration.ofSeconds(31));
      for (int i = 0; i < 5; i++) {
        assertUntrusted(there, "fits none of its keys");
      }
      assertThat(there.provider.asked(KEYS)).hasSize(3);

      there.provider.signature(FakeUpstream.Signature.PROPER);
      assertThat(there.signIn().subject()).hasValue("alice");
    }
  }

  private static void assertUntrusted(Acquaintance there, String words) {
    assertThat(catchThrowableOfType(ProviderProblem.class, there::signIn))
        .isNotNull()
        .hasMessageContaining(words)
        .satisfies(it -> assertThat(it.kind()).isInstanceOf(Kind.Untrusted.class));
  }
}
