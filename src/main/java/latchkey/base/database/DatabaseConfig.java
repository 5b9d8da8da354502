package latchkey.base.database;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import latchkey.base.config.Section;
import latchkey.base.crypto.Secret;

/// The section `database` (`configuration.md` 4): a `uri` or its parts, and libpq's variables for
/// what is left out.
///
/// @param jdbcUrl without user and password
/// @param connectTimeout how long to wait for a pooled connection
/// @param idleTimeout after which an unused connection is closed; zero for never
public record DatabaseConfig(
    String jdbcUrl,
    String username,
    Secret password,
    int maxConnections,
    int minConnections,
    Duration connectTimeout,
    Duration idleTimeout,
    Duration maxLifetime) {

  private static final List<String> SPLIT_KEYS =
      List.of("host", "port", "socket", "username", "password", "password_file", "database");
  private static final PostgresUri NOWHERE =
      new PostgresUri("", "", "", "", Secret.of(""), Map.of());
  private static final int MAX_SECONDS = 1_000_000;

  public static DatabaseConfig read(Section root, Map<String, String> environment) {
    var section = root.section("database");
    var target = section.has("uri") ? fromUri(section) : fromParts(section);
    var libpq = new Libpq(environment);
    if (libpq.host(target).startsWith("/")) {
      section.fault("host", "Unix sockets are not supported yet; give a host name and a port");
    }
    var options = new LinkedHashMap<>(libpq.options(target.options()));
    tls(section, options);
    libpq
        .unknownOptions(target.options())
        .forEach(name -> section.warn("uri", "the option " + name + " is unknown and ignored"));
    var config =
        new DatabaseConfig(
            libpq.jdbcUrl(target, options),
            libpq.user(target),
            libpq.password(target),
            (int) section.integer("max_connections", 10, 1, 10_000),
            (int) section.integer("min_connections", 0, 0, 10_000),
            Duration.ofSeconds(section.integer("connect_timeout", 30, 1, MAX_SECONDS)),
            idleTimeout(section),
            Duration.ofSeconds(section.integer("max_lifetime", 1800, 1, MAX_SECONDS)));
    if (config.minConnections > config.maxConnections) {
      section.fault("min_connections", "must not be more than max_connections");
    }
    section.ignore(SPLIT_KEYS.toArray(String[]::new));
    section.warnOfUnknown();
    return config;
  }

  /// Absent means ten minutes, but an expressly written null means never.
  private static Duration idleTimeout(Section section) {
    return section.isNull("idle_timeout")
        ? Duration.ZERO
        : Duration.ofSeconds(section.integer("idle_timeout", 600, 1, MAX_SECONDS));
  }

  private static PostgresUri fromParts(Section section) {
    if (section.has("socket")) {
      section.fault("socket", "Unix sockets are not supported yet; give host and port");
    }
    return new PostgresUri(
        section.string("host", ""),
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
    var text = section.string("uri");
    try {
      return text.isPresent() ? PostgresUri.parse(text.get()) : NOWHERE;
    } catch (IllegalArgumentException e) {
      section.fault("uri", "a postgresql:// URI is expected");
      return NOWHERE;
    }
  }

  private static void tls(Section section, Map<String, String> options) {
    section
        .oneOf("ssl_mode", "disable", "allow", "prefer", "require", "verify-ca", "verify-full")
        .ifPresent(mode -> options.put("sslmode", mode));
    file(section, "ssl_ca").ifPresent(file -> options.put("sslrootcert", file));
    file(section, "ssl_certificate").ifPresent(file -> options.put("sslcert", file));
    file(section, "ssl_key").ifPresent(file -> options.put("sslkey", file));
    boolean hasKey = section.has("ssl_key") || section.has("ssl_key_file");
    if (hasKey != (section.has("ssl_certificate") || section.has("ssl_certificate_file"))) {
      var there = hasKey ? "ssl_key" : "ssl_certificate";
      section.fault(
          section.has(there) ? there : there + "_file",
          "a certificate and its key are given together");
    }
  }

  private static Optional<String> file(Section section, String key) {
    if (section.has(key) && section.has(key + "_file")) {
      section.fault(key, "give either " + key + " or " + key + "_file, not both");
    } else if (section.has(key)) {
      section.fault(key, "is not supported yet; give " + key + "_file");
    }
    return section.string(key + "_file");
  }
}
