package latchkey.base.database;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private static final int MAX_SECONDS = 1_000_000;

  public static DatabaseConfig read(Section root, Map<String, String> environment) {
    return read(root, new Libpq(environment));
  }

  static DatabaseConfig read(Section root, Libpq libpq) {
    var section = root.section("database");
    var target = section.has("uri") ? fromUri(section) : fromParts(section);
    var address =
        address(
            section,
            libpq,
            target,
            !section.has("uri") && SPLIT_KEYS.stream().anyMatch(section::has));
    libpq
        .unknownOptions(target.options())
        .forEach(name -> section.warn("uri", "the option " + name + " is unknown and ignored"));
    var config =
        new DatabaseConfig(
            address.jdbcUrl,
            address.username,
            address.password,
            address.options,
            (int) section.integer("max_connections", 10, 1, 10_000),
            (int) section.integer("min_connections", 0, 0, 10_000),
            Duration.ofSeconds(section.integer("connect_timeout", 30, 1, MAX_SECONDS)),
            idleTimeout(section),
            Duration.ofSeconds(section.integer("max_lifetime", 1800, 1, MAX_SECONDS)),
            past(root, section, libpq));
    if (config.minConnections > config.maxConnections) {
      section.fault("min_connections", "must not be more than max_connections");
    }
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
        jdbcUrl(section, libpq, target, password), user(section, libpq, target), password, secrets);
  }

  /// What it leaves out comes from libpq's variables, and its TLS from the section `database`.
  private static @Nullable Address past(Section root, Section section, Libpq libpq) {
    var latchkey = root.section("latchkey").section("database");
    var target = parse(latchkey, "direct_uri", latchkey.secret("direct_uri", true));
    latchkey.warnOfUnknown();
    return target.isEmpty() ? null : address(section, libpq, target.get(), false);
  }

  private static Optional<PostgresUri> parse(Section section, String key, Optional<Secret> text) {
    try {
      return text.map(Secret::reveal).filter(uri -> !uri.isEmpty()).map(PostgresUri::parse);
    } catch (IllegalArgumentException e) {
      section.fault(key, "a postgresql:// URI is expected");
      return Optional.empty();
    }
  }

  private static String jdbcUrl(Section section, Libpq libpq, PostgresUri target, Secret password) {
    try {
      return libpq.jdbcUrl(target, password);
    } catch (IllegalArgumentException e) {
      section.fault(
          section.has("uri") ? "uri" : section.has("host") ? "host" : "",
          "host and port make no address: " + e.getMessage());
      return "";
    }
  }

  /// The user of this process, where nobody is named; in a container it may have only a number.
  private static String user(Section section, Libpq libpq, PostgresUri target) {
    var user = libpq.user(target);
    if (user.isEmpty() || user.equals("?")) {
      section.fault("username", "is missing, and this process runs as a user without a name");
    }
    return user;
  }

  /// What is given, else what libpq's variable or file has.
  private static Secret password(Section section, Libpq libpq, PostgresUri target) {
    var password = libpq.password(target);
    if (!password.isEmpty() || !section.opensFiles()) {
      return password;
    }
    var file = PasswordFile.of(libpq.environment());
    if (file.isOpenToOthers()) {
      section.warn("password", "others may read " + file.path() + ", so it is passed over");
    }
    return libpq.passwordFrom(file, target).orElse(password);
  }

  /// Absent means ten minutes, but an expressly written null means never.
  private static Duration idleTimeout(Section section) {
    return section.isNull("idle_timeout")
        ? Duration.ZERO
        : Duration.ofSeconds(section.integer("idle_timeout", 600, 1, MAX_SECONDS));
  }

  private static PostgresUri fromParts(Section section) {
    if (section.has("socket") && section.has("host")) {
      section.fault("socket", "give either host or socket, not both");
    }
    var socket = section.string("socket", "");
    if (!socket.isEmpty() && !socket.startsWith("/")) {
      section.fault("socket", "the absolute path of a directory is expected");
    }
    return new PostgresUri(
        socket.isEmpty() ? section.string("host", "") : socket,
        section.integer("port", 1, 65535).map(Object::toString).orElse(""),
        section.string("database", ""),
        section.string("username", ""),
        section.secret("password", true).orElse(Secret.of("")),
        Map.of());
  }

  private static PostgresUri fromUri(Section section) {
    for (var key : SPLIT_KEYS) {
      if (section.has(key)) {
        section.fault(key, "give either uri or " + key + ", not both");
      }
    }
    return parse(section, "uri", section.string("uri").map(Secret::of)).orElse(NOWHERE);
  }
}
