package latchkey.base.database;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import latchkey.base.crypto.Secret;
import org.jspecify.annotations.Nullable;

/// What libpq would make of a target and of its variables, told to the JDBC driver in the driver's
/// words.
///
/// @param socketFolders where a server on this machine may have its socket
record Libpq(Map<String, String> environment, List<Path> socketFolders) {
  /// Where distributions put it. Not `/tmp`, where anybody may wait for our password.
  private static final List<Path> SOCKET_FOLDERS =
      List.of(Path.of("/run/postgresql"), Path.of("/var/run/postgresql"));

  private static final String UNIX_SOCKETS = "org.newsclub.net.unix.AFUNIXSocketFactory$FactoryArg";
  private static final int CONNECT_SECONDS = 5;
  private static final int SOCKET_SECONDS = 30;

  /// Options of a connection string, and what the driver calls them. Those with hyphens are how the
  /// service we replace spells them too.
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("sslmode", "sslmode"),
          Map.entry("ssl-mode", "sslmode"),
          Map.entry("sslrootcert", "sslrootcert"),
          Map.entry("ssl-root-cert", "sslrootcert"),
          Map.entry("ssl-ca", "sslrootcert"),
          Map.entry("sslcert", "sslcert"),
          Map.entry("ssl-cert", "sslcert"),
          Map.entry("sslkey", "sslkey"),
          Map.entry("ssl-key", "sslkey"),
          Map.entry("sslpassword", "sslpassword"),
          Map.entry("application_name", "ApplicationName"),
          Map.entry("options", "options"),
          Map.entry("connect_timeout", "connectTimeout"),
          Map.entry("channel_binding", "channelBinding"),
          Map.entry("target_session_attrs", "targetServerType"),
          Map.entry("statement-cache-capacity", "preparedStatementCacheQueries"));

  /// What `target_session_attrs` may say, in the driver's words.
  private static final Map<String, String> SESSIONS =
      Map.of(
          "read-write", "primary",
          "read-only", "secondary",
          "standby", "secondary",
          "prefer-standby", "preferSecondary");

  private static final Map<String, String> VARIABLES =
      Map.of(
          "PGSSLMODE", "sslmode",
          "PGSSLROOTCERT", "sslrootcert",
          "PGSSLCERT", "sslcert",
          "PGSSLKEY", "sslkey",
          "PGAPPNAME", "ApplicationName",
          "PGOPTIONS", "options");

  Libpq(Map<String, String> environment) {
    this(environment, SOCKET_FOLDERS);
  }

  @Override
  public String toString() {
    // The variables hold a password.
    return "Libpq";
  }

  /// A server on this machine answers on its socket, if there is one; else the port is tried.
  String host(PostgresUri target) {
    return or(target.host(), "PGHOST", "")
        .orElseGet(
            () ->
                socketFolders.stream()
                    .filter(folder -> Files.exists(folder.resolve(socketName(target))))
                    .findFirst()
                    .map(Path::toString)
                    .orElse("localhost"));
  }

  String user(PostgresUri target) {
    return or(target.user(), "PGUSER", System.getProperty("user.name")).orElse("");
  }

  Secret password(PostgresUri target) {
    return target.password().isEmpty()
        ? Secret.of(environment.getOrDefault("PGPASSWORD", ""))
        : target.password();
  }

  /// What the file of passwords has for the target.
  Optional<Secret> passwordFrom(PasswordFile file, PostgresUri target) {
    var host = host(target);
    // Under a socket libpq looks for localhost as well.
    var names = host.startsWith("/") ? List.of(host, "localhost") : List.of(host.split(","));
    return file.find(names, ports(target).getFirst(), database(target), user(target));
  }

  /// The driver's options: those of the connection string, else of the variables, else ours.
  Map<String, String> options(Map<String, String> given) {
    var options = new LinkedHashMap<String, String>();
    options.put("connectTimeout", Integer.toString(CONNECT_SECONDS));
    options.put("socketTimeout", Integer.toString(SOCKET_SECONDS));
    options.put("tcpKeepAlive", "true");
    VARIABLES.forEach((variable, name) -> putIfGiven(options, name, environment.get(variable)));
    given.forEach(
        (libpq, value) -> {
          var name = NAMES.get(libpq);
          if (libpq.startsWith("options[") && libpq.endsWith("]")) {
            append(options, "-c " + libpq.substring(8, libpq.length() - 1) + "=" + value);
          } else if (libpq.equals("options")) {
            append(options, value);
          } else if (libpq.equals("target_session_attrs")) {
            options.put("targetServerType", SESSIONS.getOrDefault(value, value));
          } else if (name != null) {
            putIfGiven(options, name, value);
          }
        });
    return options;
  }

  /// As in the service we replace, what the string says follows what the variable says.
  private static void append(Map<String, String> options, String more) {
    options.merge("options", more, (before, after) -> before + " " + after);
  }

  List<String> unknownOptions(Map<String, String> given) {
    return given.keySet().stream()
        .filter(name -> !NAMES.containsKey(name) && !name.startsWith("options["))
        .toList();
  }

  /// The address alone; everything else is a property, so that nothing secret is in it and single
  /// connections can have it otherwise. Of two answers the driver believes the URL.
  ///
  /// @throws IllegalArgumentException if the target is no address
  String jdbcUrl(PostgresUri target, Secret password) {
    // Without a password the driver would look for one in ~/.pgpass, whoever may write there.
    return "jdbc:postgresql://%s/%s%s"
        .formatted(
            authority(target), encode(database(target)), password.isEmpty() ? "?password=" : "");
  }

  /// A host that begins with a slash is a directory with the server's socket, on which TLS is not
  /// spoken (libpq, `host`).
  Map<String, String> transport(PostgresUri target) {
    var host = host(target);
    return host.startsWith("/")
        ? Map.of(
            "socketFactory",
            UNIX_SOCKETS,
            "socketFactoryArg",
            host + "/" + socketName(target),
            "sslmode",
            "disable")
        : Map.of("sslfactory", DatabaseTls.class.getName());
  }

  private String database(PostgresUri target) {
    return or(target.database(), "PGDATABASE", user(target)).orElse("");
  }

  private List<String> ports(PostgresUri target) {
    var ports = or(target.port(), "PGPORT", "5432").orElse("5432").split(",", -1);
    return Arrays.stream(ports).map(port -> port.isEmpty() ? "5432" : port).toList();
  }

  private String socketName(PostgresUri target) {
    return ".s.PGSQL." + ports(target).getFirst();
  }

  private String authority(PostgresUri target) {
    var host = host(target);
    var hosts = host.startsWith("/") ? List.of("localhost") : List.of(host.split(","));
    var ports = ports(target);
    if (host.startsWith("/") && host.contains(",")
        || ports.size() > 1 && ports.size() != hosts.size()) {
      throw new IllegalArgumentException("as many ports as hosts are expected");
    }
    if (!host.startsWith("/") && !host.matches("[^\\s/?#@]+")) {
      throw new IllegalArgumentException("the name of a host is expected");
    }
    var addresses = new ArrayList<String>();
    for (int i = 0; i < hosts.size(); i++) {
      boolean bare = hosts.get(i).contains(":") && !hosts.get(i).startsWith("[");
      var name = bare ? "[" + hosts.get(i) + "]" : hosts.get(i);
      addresses.add(name + ":" + (ports.size() == 1 ? ports.getFirst() : ports.get(i)));
    }
    return String.join(",", addresses);
  }

  private Optional<String> or(String value, String variable, String otherwise) {
    var found = value.isEmpty() ? environment.getOrDefault(variable, "") : value;
    return Optional.of(found.isEmpty() ? otherwise : found).filter(text -> !text.isEmpty());
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
