package latchkey.base.database;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import latchkey.base.config.Kind;
import latchkey.base.config.Section;
import latchkey.base.crypto.Secret;
import org.jspecify.annotations.Nullable;

/// The section `database` (`configuration.md` 4): a `uri` or its parts, and libpq's variables for
/// what is left out.
///
/// @param jdbcUrl the address alone
/// @param options everything else that is said about a connection, in the driver's words and those
///   of [DatabaseTls]; some of it is secret
/// @param connectTimeout how long to wait for a pooled connection
/// @param idleTimeout after which an unused connection is closed; zero for never
/// @param past the way past a transaction pooler, `latchkey.database.direct_uri`, if there is one
public record DatabaseConfig(
    String jdbcUrl,
    String username,
    Secret password,
    Map<String, Secret> options,
    int maxConnections,
    int minConnections,
    Duration connectTimeout,
    Duration idleTimeout,
    Duration maxLifetime,
    @Nullable Address past) {

  /// Where a server is and who we are there.
  public record Address(
      String jdbcUrl, String username, Secret password, Map<String, Secret> options) {
    public Address {
      options = Map.copyOf(options);
    }
  }

  public DatabaseConfig {
    options = Map.copyOf(options);
  }

  /// The same database by the way past a pooler, for what needs a session of its own: listening,
  /// migrating.
  public DatabaseConfig direct() {
    return past == null
        ? this
        : new DatabaseConfig(
            past.jdbcUrl,
            past.username,
            past.password,
            past.options,
            maxConnections,
            minConnections,
            connectTimeout,
            idleTimeout,
            maxLifetime,
            null);
  }

  /// What a connection needs beside its URL.
  Map<String, Secret> properties() {
    var properties = new LinkedHashMap<>(options);
    properties.put("user", Secret.of(username));
    if (!password.isEmpty()) {
      properties.put("password", password);
    }
    return properties;
  }

  private static final List<String> SPLIT_KEYS =
      List.of("host", "port", "socket", "username", "password", "password_file", "database");
  private static final PostgresUri NOWHERE =
      new PostgresUri("", "", "", "", Secret.of(""), Map.of());
  private static final String APPLICATION_NAME = "ApplicationName";
  private static final String ADDRESS = "host and port must make an address";
  private static final int MAX_SECONDS = 1_000_000;

  /// What a fault says of libpq's variables; they have no place in a file.
  static final String VARIABLES = "the variables of libpq must be usable";

  private static final Kind<PostgresUri> URI =
      Kind.texts(
          "postgresql:// URI",
          "a postgresql:// URI is expected",
          "postgresql://",
          DatabaseConfig::parsed);

  public static DatabaseConfig read(Section root, Map<String, String> environment) {
    return read(root, new Libpq(environment));
  }

  static DatabaseConfig read(Section root, Libpq libpq) {
    var section = root.section("database");
    var target = section.has("uri") ? fromUri(section) : fromParts(section);
    boolean split = !section.has("uri") && SPLIT_KEYS.stream().anyMatch(section::has);
    checkAddress(section, libpq, target);
    var address = address(section, libpq, target, split);
    var unknown = libpq.unknownOptions(target.options());
    section.advice(
        "uri",
        unknown.isEmpty(),
        "options that are unknown are ignored",
        ": " + String.join(", ", unknown));
    var config =
        new DatabaseConfig(
            address.jdbcUrl,
            address.username,
            address.password,
            address.options,
            (int) section.integer("max_connections", 10, 1, 10_000),
            (int) section.integer("min_connections", 0, 0, 10_000),
            section.seconds("connect_timeout", 30, 1, MAX_SECONDS),
            idleTimeout(section),
            section.seconds("max_lifetime", 1800, 1, MAX_SECONDS),
            past(root, section, libpq));
    section.rule(
        "min_connections",
        config.minConnections <= config.maxConnections,
        "must not be more than max_connections");
    section.ignore(SPLIT_KEYS.toArray(String[]::new));
    section.warnOfUnknown();
    return config;
  }

  /// @param split whether it is given in parts
  private static Address address(Section section, Libpq libpq, PostgresUri target, boolean split) {
    var options = libpq.options(target.options());
    if (split) {
      options.putIfAbsent(APPLICATION_NAME, "matrix-authentication-service");
    }
    options.putIfAbsent(APPLICATION_NAME, "latchkey");
    var secrets = TlsReader.read(section, options);
    options.putAll(libpq.transport(target));
    options.forEach((name, value) -> secrets.put(name, Secret.of(value)));
    var password = password(section, libpq, target);
    return new Address(
        trouble(libpq, target).isEmpty() ? libpq.jdbcUrl(target, password) : "",
        user(section, libpq, target),
        password,
        secrets);
  }

  /// What it leaves out comes from libpq's variables, and its TLS from the section `database`.
  private static @Nullable Address past(Section root, Section section, Libpq libpq) {
    var latchkey = root.section("latchkey").section("database");
    var text =
        latchkey.secret("direct_uri", true).map(Secret::reveal).filter(uri -> !uri.isEmpty());
    var target = text.flatMap(DatabaseConfig::parsed);
    var key = latchkey.has("direct_uri_file") ? "direct_uri_file" : "direct_uri";
    latchkey.rule(key, text.isEmpty() || target.isPresent(), URI.expected());
    var trouble = target.map(uri -> trouble(libpq, uri)).orElse("");
    latchkey.rule(key, trouble.isEmpty(), ADDRESS, ": " + trouble);
    latchkey.warnOfUnknown();
    return target.map(uri -> address(section, libpq, uri, false)).orElse(null);
  }

  private static Optional<PostgresUri> parsed(String uri) {
    try {
      return Optional.of(uri.isEmpty() ? NOWHERE : PostgresUri.parse(uri));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static void checkAddress(Section section, Libpq libpq, PostgresUri target) {
    var trouble = trouble(libpq, target);
    if (section.has("uri") || section.has("host")) {
      var key = section.has("uri") ? "uri" : "host";
      section.rule(key, trouble.isEmpty(), ADDRESS, ": " + trouble);
    } else {
      section.rule("", trouble.isEmpty(), VARIABLES, ": " + trouble);
    }
  }

  /// Why host and port make no address; empty if they do.
  private static String trouble(Libpq libpq, PostgresUri target) {
    try {
      libpq.jdbcUrl(target, Secret.of(""));
      return "";
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /// The user of this process, where nobody is named; in a container it may have only a number.
  private static String user(Section section, Libpq libpq, PostgresUri target) {
    var user = libpq.user(target);
    section.rule(
        "username",
        !user.isEmpty() && !user.equals("?"),
        "is needed where this process runs as a user without a name");
    return user;
  }

  /// What is given, else what libpq's variable or file has.
  private static Secret password(Section section, Libpq libpq, PostgresUri target) {
    var password = libpq.password(target);
    boolean isSought = password.isEmpty() && section.opensFiles();
    var file = PasswordFile.of(libpq.environment());
    section.advice(
        "password",
        !isSought || !file.isOpenToOthers(),
        "a file of passwords that others may read is passed over",
        ": " + file.path());
    return isSought ? libpq.passwordFrom(file, target).orElse(password) : password;
  }

  /// Absent means ten minutes, but an expressly written null means never.
  private static Duration idleTimeout(Section section) {
    return section.isNull("idle_timeout")
        ? Duration.ZERO
        : section.seconds("idle_timeout", 600, 1, MAX_SECONDS);
  }

  private static PostgresUri fromParts(Section section) {
    section.rule(
        "socket",
        !section.has("socket") || !section.has("host"),
        "give either host or socket, not both");
    var socket = section.string("socket").orElse("");
    section.rule(
        "socket",
        socket.isEmpty() || socket.startsWith("/"),
        "the absolute path of a directory is expected");
    return new PostgresUri(
        socket.isEmpty() ? section.string("host").orElse("") : socket,
        section.integer("port", 1, 65535).map(Object::toString).orElse(""),
        section.string("database").orElse(""),
        section.string("username").orElse(""),
        section.secret("password", true).orElse(Secret.of("")),
        Map.of());
  }

  private static PostgresUri fromUri(Section section) {
    for (var key : SPLIT_KEYS) {
      section.rule(key, !section.has(key), "give either uri or " + key + ", not both");
    }
    return section.value("uri", URI).orElse(NOWHERE);
  }
}
