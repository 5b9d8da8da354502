package latchkey.endpoint.consent;

import java.util.ArrayList;
import java.util.List;
import latchkey.base.language.Message;
import latchkey.base.matrix.MatrixScope;
import latchkey.base.oauth.Scope;

/// Says in plain words what a scope lets a client do. A device scope is told apart, as the device.
final class ScopeWords {
  private ScopeWords() {}

  static List<ConsentPage.Permission> of(Scope scope) {
    var words = new ArrayList<ConsentPage.Permission>();
    if (scope.contains(MatrixScope.STABLE_API) || scope.contains(MatrixScope.UNSTABLE_API)) {
      words.add(harmless(Message.of("latchkey.scope.messages")));
    }
    for (var token : scope.tokens()) {
      switch (token) {
        case Scope.OPENID -> words.add(harmless(Message.of("latchkey.scope.openid")));
        case Scope.EMAIL -> words.add(harmless(Message.of("latchkey.scope.email")));
        case Scope.PROFILE -> words.add(harmless(Message.of("latchkey.scope.profile")));
        case "urn:synapse:admin:*" ->
            words.add(dangerous(Message.of("mas.scope.synapse_admin").with("scope", token)));
        case "urn:mas:admin" ->
            words.add(dangerous(Message.of("mas.scope.mas_admin").with("scope", token)));
        case "urn:mas:graphql:*" -> {
          words.add(harmless(Message.of("mas.scope.edit_profile")));
          words.add(harmless(Message.of("mas.scope.manage_sessions")));
        }
        default -> {
          if (!token.startsWith(MatrixScope.STABLE) && !token.startsWith(MatrixScope.UNSTABLE)) {
            words.add(harmless(Message.of("latchkey.scope.anything_else").with("scope", token)));
          }
        }
      }
    }
    return words;
  }

  private static ConsentPage.Permission harmless(Message text) {
    return new ConsentPage.Permission(text, false);
  }

  private static ConsentPage.Permission dangerous(Message text) {
    return new ConsentPage.Permission(text, true);
  }
}
