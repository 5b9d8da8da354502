package latchkey.base.database;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import latchkey.base.crypto.Secret;
import org.jspecify.annotations.Nullable;

/// What libpq would fill in from its variables, told to the JDBC driver in the driver's words.
record Libpq(Map<String, String> environment) {
  private static final String UNIX_SOCKETS = "org.newsclub.net.unix.AFUNIXSocketFactory$FactoryArg";
  private static final int CONNECT_SECONDS = 5;
  private static final int SOCKET_SECONDS = 30;

  /// Options of a connection string, and what the driver calls them.
  private static final Map<String, String> NAMES =
      Map.of(
          "sslmode", "sslmode",
          "sslrootcert", "sslrootcert",
          "sslcert", "sslcert",
          "sslkey", "sslkey",
          "sslpassword", "sslpassword",
          "application_name", "ApplicationName",
          "options", "options",
          "connect_timeout", "connectTimeout",
          "channel_binding", "channelBinding");

  private static final Map<String, String> VARIABLES =
      Map.of(
          "PGSSLMODE", "sslmode",
          "PGSSLROOTCERT", "sslrootcert",
          "PGSSLCERT", "sslcert",
          "PGSSLKEY", "sslkey",
          "PGAPPNAME", "ApplicationName",
          "PGOPTIONS", "options");

  @Override
  public String toString() {
    // The variables hold a password.
    return "Libpq";
  }

  String host(PostgresUri target) {
    return or(target.host(), "PGHOST", "localhost");
  }

  String user(PostgresUri target) {
    return or(target.user(), "PGUSER", System.getProperty("user.name"));
  }

  Secret password(PostgresUri target) {
    return target.password().isEmpty()
        ? Secret.of(environment.getOrDefault("PGPASSWORD", ""))
        : target.password();
  }

  /// The driver's options: those of the connection string, else of the variables, else ours.
  Map<String, String> options(Map<String, String> given) {
    var options = new LinkedHashMap<String, String>();
    options.put("ApplicationName", "latchkey");
    options.put("connectTimeout", Integer.toString(CONNECT_SECONDS));
    options.put("socketTimeout", Integer.toString(SOCKET_SECONDS));
    options.put("tcpKeepAlive", "true");
    VARIABLES.forEach((variable, name) -> putIfGiven(options, name, environment.get(variable)));
    NAMES.forEach((libpq, name) -> putIfGiven(options, name, given.get(libpq)));
    return options;
  }

  List<String> unknownOptions(Map<String, String> given) {
    return given.keySet().stream().filter(name -> !NAMES.containsKey(name)).toList();
  }

  String jdbcUrl(PostgresUri target, Map<String, String> options) {
    var all = new LinkedHashMap<>(options);
    all.putAll(transport(target));
    var url = new StringBuilder("jdbc:postgresql://").append(authority(target));
    url.append('/').append(encode(or(target.database(), "PGDATABASE", user(target))));
    char separator = '?';
    for (var option : all.entrySet()) {
      url.append(separator).append(option.getKey()).append('=').append(encode(option.getValue()));
      separator = '&';
    }
    return url.toString();
  }

  /// A host that begins with a slash is a directory with the server's socket, on which TLS is not
  /// spoken (libpq, `host`).
  private Map<String, String> transport(PostgresUri target) {
    var host = host(target);
    return host.startsWith("/")
        ? Map.of(
            "socketFactory",
            UNIX_SOCKETS,
            "socketFactoryArg",
            host + "/.s.PGSQL." + port(target),
            "sslmode",
            "disable")
        : Map.of("sslfactory", DatabaseTls.class.getName());
  }

  private String port(PostgresUri target) {
    return or(target.port(), "PGPORT", "5432");
  }

  private String authority(PostgresUri target) {
    var host = host(target).startsWith("/") ? "localhost" : host(target);
    if (host.contains(",")) {
      return host;
    }
    boolean bare = host.contains(":") && !host.startsWith("[");
    return (bare ? "[" + host + "]" : host) + ":" + port(target);
  }

  private String or(String value, String variable, String otherwise) {
    return value.isEmpty() ? environment.getOrDefault(variable, otherwise) : value;
  }

  private static void putIfGiven(Map<String, String> options, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      options.put(name, value);
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
