package latchkey.world;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The rules and the data an admin has added: in each of them something a test can run into, and
/// nobody else does.
final class Rules {
  private Rules() {}

  /// Writes the rules; answers the configuration that names them.
  static String yaml() throws IOException {
    var folder = Files.createTempDirectory("latchkey-rules");
    write(
        folder.resolve("authorization_grant.sleepers.yaml"),
        """
        rules:
          - name: sleepers stay for an hour after their account was made
            when: >-
              has(input.client.client_name) && input.client.client_name == 'Sleeper'
              && timestamp(input.time) - timestamp(input.user.created_at) > duration('3600s')
            message: "'it is too late for ' + input.user.username"
        """);
    write(
        folder.resolve("authorization_grant.stumbling.yaml"),
        """
        rules:
          - name: a rule that fails for one user
            when: input.user.username == 'stumbling' && input.nowhere.at_all == 1
            message: "'never said'"
        """);
    return """
    latchkey:
      policy: {path: '%s'}
    policy:
      data:
        admin_users: [admin-by-rule]
        requester:
          banned_ips: [192.0.2.66, "2001:db8:bad::/48"]
          banned_user_agents: {prefixes: [EvilBrowser/]}
    """
        .formatted(folder);
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
    file.toFile().deleteOnExit();
    file.getParent().toFile().deleteOnExit();
  }
}
