package latchkey.base.web;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.system.Ids;

/// Where a person goes after signing in (`pages.md` 1.4): one of a closed list, never a URL.
public sealed interface Continuation {
  String GRANT = "continue_authorization_grant";
  String NOTICE = "read_notice";

  /// Back to the consent page of a grant.
  record ContinueGrant(UUID grant) implements Continuation {}

  /// To what a mail has told of.
  record ReadNotice(UUID event) implements Continuation {}

  /// To the start page.
  record Home() implements Continuation {}

  /// Reads `kind` and its fields; what is absent or malformed leads home.
  static Continuation read(Parameters parameters) {
    Optional<UUID> id = parameters.find("id").flatMap(Ids::parse);
    if (id.isEmpty()) {
      return new Home();
    }
    return switch (parameters.find("kind").orElse("")) {
      case GRANT -> new ContinueGrant(id.get());
      case NOTICE -> new ReadNotice(id.get());
      default -> new Home();
    };
  }

  /// The path to go to, without prefix.
  default String path() {
    return switch (this) {
      case ContinueGrant(var grant) -> Routes.CONSENT + Ids.text(grant);
      case ReadNotice(var event) -> Routes.NOTICES + "/" + Ids.text(event);
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
      case ReadNotice(var event) -> {
        parameters.put("kind", NOTICE);
        parameters.put("id", Ids.text(event));
      }
      case Home _ -> {}
    }
    return parameters;
  }

  /// The path of the login page that will go on here.
  default String loginPath() {
    return Routes.LOGIN + query();
  }

  /// The path of the page with what its user has to read before they go on here.
  default String noticesPath() {
    return Routes.NOTICES + query();
  }

  /// The path of the page about one of them.
  default String noticePath(UUID event) {
    return Routes.NOTICES + "/" + Ids.text(event) + query();
  }

  private String query() {
    var query = new StringBuilder();
    parameters()
        .forEach(
            (key, value) ->
                query.append(query.isEmpty() ? '?' : '&').append(key).append('=').append(value));
    return query.toString();
  }
}
