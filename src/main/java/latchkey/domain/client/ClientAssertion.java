package latchkey.domain.client;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.Optional;

/// A JWT by which a client proves itself (RFC 7523 §2.2), not checked yet.
public final class ClientAssertion {
  static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  private final SignedJWT jwt;
  private final JWTClaimsSet claims;
  private final String subject;

  private ClientAssertion(SignedJWT jwt, JWTClaimsSet claims, String subject) {
    this.jwt = jwt;
    this.claims = claims;
    this.subject = subject;
  }

  /// Empty if it is none, or names nobody.
  static Optional<ClientAssertion> parse(String text) {
    try {
      var jwt = SignedJWT.parse(text);
      var claims = jwt.getJWTClaimsSet();
      var subject = claims.getSubject();
      return subject == null
          ? Optional.empty()
          : Optional.of(new ClientAssertion(jwt, claims, subject));
    } catch (ParseException e) {
      return Optional.empty();
    }
  }

  /// The client it speaks for.
  String subject() {
    return subject;
  }

  /// The method that its algorithm belongs to.
  String method() {
    return JWSAlgorithm.Family.HMAC_SHA.contains(jwt.getHeader().getAlgorithm())
        ? AuthMethod.SECRET_JWT
        : AuthMethod.KEY_JWT;
  }

  SignedJWT jwt() {
    return jwt;
  }

  JWTClaimsSet claims() {
    return claims;
  }

  /// What it says is nobody's business.
  @Override
  public String toString() {
    return "ClientAssertion[" + subject + "]";
  }
}
