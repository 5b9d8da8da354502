package latchkey.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/// A configuration as an admin would have it: what `config generate` prints, and a file on top.
public final class TestConfiguration {
  private TestConfiguration() {}

  public static String yaml(
      int port, String prefix, String database, int connections, String secret) {
    return yaml(port, prefix, database, connections, secret, secrets());
  }

  /// The database behind this port of this machine.
  public static String database(int port) {
    return "uri: postgresql://postgres@127.0.0.1:" + port + "/postgres\n";
  }

  /// @param database the entries of the section `database`, one a line
  /// @param secrets the section `secrets`, which replicas share
  public static String yaml(
      int port, String prefix, String database, int connections, String secret, String secrets) {
    return """
    http:
      public_base: http://localhost:%1$d%5$s/
      listeners:
        - name: web
          resources: [{name: discovery}, {name: human}, {name: oauth}, {name: compat}, {name: assets}, {name: health}, {name: prometheus}]
          binds: [{host: localhost, port: %1$d}]
          prefix: "%5$s/"
    database:
    %2$s
      connect_timeout: 5
      max_connections: %4$d
    matrix:
      homeserver: example.com
      endpoint: http://localhost:1/
      secret: %3$s
    passwords:
      schemes:
        - {version: 3, algorithm: argon2id, secret: pfeffer}
        - {version: 1, algorithm: bcrypt, secret: pfeffer, unicode_normalization: true}
        - {version: 2, algorithm: pbkdf2, secret: pfeffer}
    # Everybody in a test has one address.
    rate_limiting: {login: {per_ip: {burst: 100000, per_second: 1000}}}
    latchkey:
      refresh: {leeway: 30, settling: 180}
      rate_limiting:
        login: {per_account_and_ip: {burst: 100000, per_second: 1000}}
        client_registration: {burst: 100000, per_second: 1000}
        client_authentication: {burst: 100000, per_second: 1000}
        upstream: {burst: 100000, per_second: 1000}
    clients:
      - client_id: 01KB0000000000000000000001
        client_auth_method: client_secret_basic
        client_name: Confidential
        client_uri: https://confidential.example.org/
        client_secret: "geheim: 100%% & mehr"
        redirect_uris: ["https://confidential.example.org/callback"]
      - client_id: 01KB0000000000000000000002
        client_auth_method: client_secret_post
        client_secret: postgeheim
        redirect_uris: ["https://post.example.org/callback"]
      - client_id: 01KB0000000000000000000005
        client_auth_method: private_key_jwt
        # That of RFC 7515, appendix A.3.
        jwks: {keys: [{kty: EC, crv: P-256, x: f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU, y: x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0}]}
        redirect_uris: ["https://signing.example.org/callback"]
      - client_id: 01KB0000000000000000000006
        client_auth_method: client_secret_jwt
        client_secret: kurz
    secrets:
    """
            .formatted(port, database.indent(2).stripTrailing(), secret, connections, prefix)
        + secrets;
  }

  /// The section `secrets` of `config generate`, indented as it stands there.
  public static String secrets() {
    var out = new StringWriter();
    Latchkey.commandLine(Map.of()).setOut(new PrintWriter(out)).execute("config", "generate");
    var text = out.toString();
    int start = text.indexOf("\nsecrets:") + "\nsecrets:".length();
    var rest = text.substring(start);
    var section = new StringBuilder();
    for (var line : rest.split("\n", -1)) {
      if (!line.isEmpty() && !line.startsWith(" ") && !line.startsWith("#")) {
        break;
      }
      section.append(line).append('\n');
    }
    return section.toString();
  }
}
