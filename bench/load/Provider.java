import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/// An identity provider that answers at once, until it is ended: `java -cp … Provider PORT CLIENT`. It
/// believes every code, which says whom it is for: `code(subject, nonce)`. ID tokens are ES256.
final class Provider {
  private static final Pattern CODE = Pattern.compile("(?:^|&)code=([^&]+)");

  private final String issuer;
  private final String client;
  private final KeyPair keys;

  private Provider(int port, String client) throws GeneralSecurityException {
    this.issuer = "http://127.0.0.1:" + port;
    this.client = client;
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    this.keys = generator.generateKeyPair();
  }

  public static void main(String[] words) throws Exception {
    int port = Integer.parseInt(words[0]);
    var provider = new Provider(port, words[1]);
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/.well-known/openid-configuration", exchange -> answer(exchange, provider.metadata()));
    server.createContext("/keys", exchange -> answer(exchange, provider.jwks()));
    server.createContext("/token", exchange -> answer(exchange, provider.tokens(body(exchange))));
    server.start();
  }

  static String code(String subject, String nonce) {
    return encode(subject + " " + nonce);
  }

  private String metadata() {
    return """
        {"issuer": "%1$s", "authorization_endpoint": "%1$s/authorize", "token_endpoint": "%1$s/token", "jwks_uri": "%1$s/keys",
         "response_types_supported": ["code"], "subject_types_supported": ["public"],
         "id_token_signing_alg_values_supported": ["ES256"], "code_challenge_methods_supported": ["S256"]}"""
        .formatted(issuer);
  }

  private String jwks() {
    var point = ((ECPublicKey) keys.getPublic()).getW();
    return "{\"keys\": [{\"kty\": \"EC\", \"crv\": \"P-256\", \"kid\": \"bench\", \"use\": \"sig\", \"x\": \"%s\", \"y\": \"%s\"}]}"
        .formatted(coordinate(point.getAffineX()), coordinate(point.getAffineY()));
  }

  private static String coordinate(BigInteger value) {
    var bytes = value.toByteArray();
    var fixed = new byte[32];
    int length = Math.min(bytes.length, 32);
    System.arraycopy(bytes, bytes.length - length, fixed, 32 - length, length);
    return encode(fixed);
  }

  private String tokens(String form) {
    var code = CODE.matcher(form);
    if (!code.find()) {
      throw new IllegalArgumentException("no code");
    }
    var said = new String(Base64.getUrlDecoder().decode(code.group(1)), StandardCharsets.UTF_8).split(" ");
    long now = System.currentTimeMillis() / 1000;
    var claims =
        """
        {"iss": "%s", "aud": "%s", "sub": "%s", "nonce": "%s", "iat": %d, "exp": %d, "preferred_username": "%3$s", "name": "Person %3$s", \
        "email": "%3$s@example.com"}"""
            .formatted(issuer, client, said[0], said[1], now, now + 300);
    var signed = encode("{\"alg\":\"ES256\",\"kid\":\"bench\"}") + "." + encode(claims);
    return "{\"access_token\": \"of %s\", \"token_type\": \"Bearer\", \"expires_in\": 300, \"id_token\": \"%s.%s\"}"
        .formatted(said[0], signed, sign(signed));
  }

  private String sign(String text) {
    try {
      var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(keys.getPrivate());
      signature.update(text.getBytes(StandardCharsets.US_ASCII));
      return encode(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String body(HttpExchange exchange) throws IOException {
    return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
  }

  private static void answer(HttpExchange exchange, String json) throws IOException {
    try (exchange) {
      var bytes = json.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static String encode(String text) {
    return encode(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
