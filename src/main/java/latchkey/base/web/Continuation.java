package latchkey.base.web;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.system.Ids;

/// Where a person goes after signing in (`pages.md` 1.4): one of a closed list, never a URL.
public sealed interface Continuation {
  String GRANT = "continue_authorization_grant";

  /// Back to the consent page of a grant.
  record ContinueGrant(UUID grant) implements Continuation {}

  /// To the start page.
  record Home() implements Continuation {}

  /// Reads `kind` and its fields; what is absent or malformed leads home.
  static Continuation read(Parameters parameters) {
    if (parameters.find("kind").filter(GRANT::equals).isPresent()) {
      Optional<UUID> id = parameters.find("id").flatMap(Ids::parse);
      if (id.isPresent()) {
        return new ContinueGrant(id.get());
      }
    }
    return new Home();
  }

  /// The path to go to, without prefix.
  default String path() {
    return switch (this) {
      case ContinueGrant(var grant) -> Routes.CONSENT + Ids.text(grant);
      case Home _ -> Routes.INDEX;
    };
  }

  /// The parameters that say it again.
  default Map<String, String> parameters() {
    var parameters = new LinkedHashMap<String, String>();
    switch (this) {
      case ContinueGrant(var grant) -> {
        parameters.put("kind", GRANT);
        parameters.put("id", Ids.text(grant));
      }
      case Home _ -> {}
    }
    return parameters;
  }

  /// The path of the login page that will go on here.
  default String loginPath() {
    var query = new StringBuilder();
    parameters()
        .forEach(
            (key, value) ->
                query.append(query.isEmpty() ? '?' : '&').append(key).append('=').append(value));
    return Routes.LOGIN + query;
  }
}
