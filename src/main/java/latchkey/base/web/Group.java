package latchkey.base.web;

import java.util.Optional;

/// A resource group of `http.listeners[].resources`. CORS, the error dialect and the listener that
/// serves a route follow from its group and are written nowhere else.
public enum Group {
  DISCOVERY("discovery", Dialect.OAUTH, Cors.PLAIN),
  OAUTH("oauth", Dialect.OAUTH, Cors.WITH_REQUESTED_WITH),
  HUMAN("human", Dialect.PAGE, Cors.NONE),
  ASSETS("assets", Dialect.PAGE, Cors.NONE),
  HEALTH("health", Dialect.TEXT, Cors.NONE),
  PROMETHEUS("prometheus", Dialect.TEXT, Cors.NONE),
  CONNECTION_INFO("connection-info", Dialect.TEXT, Cors.NONE);

  /// How an error is told.
  public enum Dialect {
    OAUTH,
    PAGE,
    TEXT
  }

  /// Which headers scripts of other origins may send (`oauth.md` 1.2, A and B).
  public enum Cors {
    NONE(""),
    PLAIN("authorization, accept, accept-language, content-language, content-type"),
    WITH_REQUESTED_WITH(PLAIN.headers + ", x-requested-with");

    private final String headers;

    Cors(String headers) {
      this.headers = headers;
    }

    public String headers() {
      return headers;
    }
  }

  private final String configName;
  private final Dialect dialect;
  private final Cors cors;

  Group(String configName, Dialect dialect, Cors cors) {
    this.configName = configName;
    this.dialect = dialect;
    this.cors = cors;
  }

  /// The group a listener's `resources[].name` means; empty for one that has no routes here.
  public static Optional<Group> named(String configName) {
    for (var group : values()) {
      if (group.configName.equals(configName)) {
        return Optional.of(group);
      }
    }
    return Optional.empty();
  }

  public Dialect dialect() {
    return dialect;
  }

  public Cors cors() {
    return cors;
  }
}
