package latchkey.base.web;

import java.util.EnumSet;
import java.util.Set;

/// A resource group of `http.listeners[].resources`. CORS, the error dialect and the listener that
/// serves a route follow from its group and are written nowhere else.
public enum Group {
  DISCOVERY("discovery", Dialect.OAUTH, Cors.PLAIN),
  OAUTH("oauth", Dialect.OAUTH, Cors.WITH_REQUESTED_WITH),
  COMPAT("compat", Dialect.MATRIX, Cors.WITH_TRACE_CONTEXT),
  /// The part of it that browsers are sent to.
  COMPAT_SSO("compat", Dialect.PAGE, Cors.NONE),
  HUMAN("human", Dialect.PAGE, Cors.NONE),
  /// The part of it that programs of providers speak to.
  HUMAN_BACK("human", Dialect.OAUTH, Cors.NONE),
  ASSETS("assets", Dialect.PAGE, Cors.NONE),
  HEALTH("health", Dialect.TEXT, Cors.NONE),
  PROMETHEUS("prometheus", Dialect.TEXT, Cors.NONE),
  CONNECTION_INFO("connection-info", Dialect.TEXT, Cors.NONE);

  /// How an error is told.
  public enum Dialect {
    OAUTH,
    MATRIX,
    PAGE,
    TEXT
  }

  /// Which headers scripts of other origins may send (`oauth.md` 1.2, A and B).
  public enum Cors {
    NONE(""),
    PLAIN("authorization, accept, accept-language, content-language, content-type"),
    WITH_REQUESTED_WITH(PLAIN.headers + ", x-requested-with"),
    /// `matrix-compat.md` 1.
    WITH_TRACE_CONTEXT(WITH_REQUESTED_WITH.headers + ", traceparent, tracestate");

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

  /// What a listener's `resources[].name` means; empty for one that has no routes here.
  public static Set<Group> named(String configName) {
    var groups = EnumSet.noneOf(Group.class);
    for (var group : values()) {
      if (group.configName.equals(configName)) {
        groups.add(group);
      }
    }
    return groups;
  }

  public Dialect dialect() {
    return dialect;
  }

  public Cors cors() {
    return cors;
  }
}
