package latchkey.endpoint.consent;

import java.util.ArrayList;
import java.util.List;
import latchkey.base.matrix.MatrixScope;
import latchkey.base.oauth.Scope;

/// Says in plain words what a scope lets a client do. A device scope is told apart, as the device.
final class ScopeWords {
  private ScopeWords() {}

  static List<ConsentPage.Permission> of(Scope scope) {
    var words = new ArrayList<ConsentPage.Permission>();
    if (scope.contains(MatrixScope.STABLE_API) || scope.contains(MatrixScope.UNSTABLE_API)) {
      words.add(harmless("Read and send your messages, and see your rooms and contacts"));
    }
    for (var token : scope.tokens()) {
      switch (token) {
        case Scope.OPENID -> words.add(harmless("Know who you are: your username"));
        case Scope.EMAIL -> words.add(harmless("Know your e-mail address"));
        case Scope.PROFILE -> words.add(harmless("Know your display name"));
        case "urn:synapse:admin:*" ->
            words.add(dangerous("Administer the whole homeserver: every account and every room"));
        case "urn:mas:admin" ->
            words.add(dangerous("Administer every account and session of this service"));
        case "urn:mas:graphql:*" ->
            words.add(harmless("Change your profile and manage your devices"));
        default -> {
          if (!token.startsWith(MatrixScope.STABLE) && !token.startsWith(MatrixScope.UNSTABLE)) {
            words.add(harmless("Use “" + token + "”"));
          }
        }
      }
    }
    return words;
  }

  private static ConsentPage.Permission harmless(String text) {
    return new ConsentPage.Permission(text, false);
  }

  private static ConsentPage.Permission dangerous(String text) {
    return new ConsentPage.Permission(text, true);
  }
}
