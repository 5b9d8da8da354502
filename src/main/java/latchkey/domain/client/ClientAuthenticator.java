package latchkey.domain.client;

import jakarta.inject.Singleton;
import latchkey.base.crypto.Encryption;
import latchkey.base.crypto.Secret;
import latchkey.base.error.OAuthProblem;
import latchkey.base.oauth.OAuthError;
import org.jspecify.annotations.Nullable;

/// Proves a client by the very method it registered (RFC 6749 §3.2.1). Secrets are compared in
/// constant time.
@Singleton
public class ClientAuthenticator {
  private static final String CHALLENGE = "Basic realm=\"Latchkey\", charset=\"UTF-8\"";

  private final Clients clients;
  private final Encryption encryption;
  private final CheckAssertion checkAssertion;
  private final SecretGuesses guesses;

  ClientAuthenticator(
      Clients clients,
      Encryption encryption,
      CheckAssertion checkAssertion,
      SecretGuesses guesses) {
    this.clients = clients;
    this.encryption = encryption;
    this.checkAssertion = checkAssertion;
    this.guesses = guesses;
  }

  /// The client; throws `invalid_client` if it is unknown, uses another method, or has the wrong
  /// secret, and `temporarily_unavailable` if there were too many wrong ones from that address.
  ///
  /// @param ipAddress where the request comes from
  public ClientView require(ClientCredentials credentials, @Nullable String ipAddress) {
    var client = clients.find(credentials.clientId()).orElseThrow(() -> invalidClient(credentials));
    boolean canBeGuessed = !client.metadata().authMethod().equals(AuthMethod.NONE);
    boolean proven =
        canBeGuessed
            ? guesses.judge(client, ipAddress, () -> isProven(client, credentials))
            : isProven(client, credentials);
    if (!proven) {
      throw invalidClient(credentials);
    }
    return client;
  }

  private boolean isProven(ClientView client, ClientCredentials credentials) {
    var method = client.metadata().authMethod();
    if (!method.equals(credentials.method())) {
      return false;
    }
    if (method.equals(AuthMethod.NONE)) {
      return true;
    }
    if (credentials.assertion().isPresent()) {
      return checkAssertion.handle(credentials.assertion().get(), client);
    }
    var encrypted = client.encryptedSecret();
    if (encrypted == null || credentials.secret().isEmpty()) {
      return false;
    }
    Secret expected = encryption.decrypt(encrypted);
    // Both are compared, whatever the first says.
    boolean decoded = expected.equals(credentials.secret().get());
    boolean raw = credentials.raw().map(expected::equals).orElse(false);
    return decoded | raw;
  }

  private static OAuthProblem invalidClient(ClientCredentials credentials) {
    var problem =
        OAuthProblem.of(OAuthError.INVALID_CLIENT, "The client could not be authenticated.");
    return credentials.method().equals(AuthMethod.BASIC)
        ? problem.withChallenge(CHALLENGE)
        : problem;
  }
}
