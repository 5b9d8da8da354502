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
/// @param jdbcUrl without user, password and key
/// @param pems certificates and the key that are given inline, by the names of [DatabaseTls]
/// @param connectTimeout how long to wait for a pooled connection
/// @param idleTimeout after which an unused connection is closed; zero for never
/// @param past the way past a transaction pooler, `latchkey.database.direct_uri`, if there is one
public record DatabaseConfig(
    String jdbcUrl,
    String username,
    Secret password,
    Map<String, Secret> pems,
    int maxConnections,
    int minConnections,
    Duration connectTimeout,
    Duration idleTimeout,
    Duration maxLifetime,
    @Nullable Address past) {

  /// Where a server is and who we are there.
  public record Address(String jdbcUrl, String username, Secret password) {}

  public DatabaseConfig {
    pems = Map.copyOf(pems);
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
            pems,
            maxConnections,
            minConnections,
            connectTimeout,
            idleTimeout,
            maxLifetime,
            null);
  }

  /// What a connection needs beside its URL.
  Map<String, Secret> properties() {
    var properties = new LinkedHashMap<>(pems);
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
  private static final int MAX_SECONDS = 1_000_000;

  public static DatabaseConfig read(Section root, Map<String, String> environment) {
    var section = root.section("database");
    var target = section.has("uri") ? fromUri(section) : fromParts(section);
    var libpq = new Libpq(environment);
    var options = new LinkedHashMap<>(libpq.options(target.options()));
    var tls = new LinkedHashMap<String, String>();
    var pems = tls(section, tls);
    options.putAll(tls);
    libpq
        .unknownOptions(target.options())
        .forEach(name -> section.warn("uri", "the option " + name + " is unknown and ignored"));
    var address = address(libpq, target, options);
    var config =
        new DatabaseConfig(
            address.jdbcUrl,
            address.username,
            address.password,
            pems,
            (int) section.integer("max_connections", 10, 1, 10_000),
            (int) section.integer("min_connections", 0, 0, 10_000),
            Duration.ofSeconds(section.integer("connect_timeout", 30, 1, MAX_SECONDS)),
            idleTimeout(section),
            Duration.ofSeconds(section.integer("max_lifetime", 1800, 1, MAX_SECONDS)),
            past(root, tls, libpq));
    if (config.minConnections > config.maxConnections) {
      section.fault("min_connections", "must not be more than max_connections");
    }
    section.ignore(SPLIT_KEYS.toArray(String[]::new));
    section.warnOfUnknown();
    return config;
  }

  private static Address address(Libpq libpq, PostgresUri target, Map<String, String> options) {
    return new Address(libpq.jdbcUrl(target, options), libpq.user(target), libpq.password(target));
  }

  /// What it leaves out comes from libpq's variables, and its TLS from the section `database`.
  private static @Nullable Address past(Section root, Map<String, String> tls, Libpq libpq) {
    var latchkey = root.section("latchkey").section("database");
    var target = parse(latchkey, "direct_uri", latchkey.secret("direct_uri", true));
    latchkey.warnOfUnknown();
    if (target.isEmpty()) {
      return null;
    }
    var options = new LinkedHashMap<>(libpq.options(target.get().options()));
    options.putAll(tls);
    return address(libpq, target.get(), options);
  }

  private static Optional<PostgresUri> parse(Section section, String key, Optional<Secret> text) {
    try {
      return text.map(Secret::reveal).filter(uri -> !uri.isEmpty()).map(PostgresUri::parse);
    } catch (IllegalArgumentException e) {
      section.fault(key, "a postgresql:// URI is expected");
      return Optional.empty();
    }
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

  /// Puts what names a file into the options of the URL, and answers what is given inline.
  private static Map<String, Secret> tls(Section section, Map<String, String> options) {
    section
        .oneOf("ssl_mode", "disable", "allow", "prefer", "require", "verify-ca", "verify-full")
        .ifPresent(mode -> options.put("sslmode", mode));
    var pems = new LinkedHashMap<String, Secret>();
    pem(section, "ssl_ca", "sslrootcert", DatabaseTls.CA, options, pems);
    pem(section, "ssl_certificate", "sslcert", DatabaseTls.CERTIFICATE, options, pems);
    pem(section, "ssl_key", "sslkey", DatabaseTls.KEY, options, pems);
    boolean hasKey = section.has("ssl_key") || section.has("ssl_key_file");
    if (hasKey != (section.has("ssl_certificate") || section.has("ssl_certificate_file"))) {
      var there = hasKey ? "ssl_key" : "ssl_certificate";
      section.fault(
          section.has(there) ? there : there + "_file",
          "a certificate and its key are given together");
    }
    return pems;
  }

  private static void pem(
      Section section,
      String key,
      String option,
      String property,
      Map<String, String> options,
      Map<String, Secret> pems) {
    if (section.has(key) && section.has(key + "_file")) {
      section.fault(key, "give either " + key + " or " + key + "_file, not both");
    }
    section.string(key + "_file").ifPresent(file -> options.put(option, file));
    section
        .string(key)
        .ifPresent(
            text -> {
              if (!text.contains("-----BEGIN ")) {
                section.fault(key, "PEM text is expected; give " + key + "_file for a file");
              }
              pems.put(property, Secret.of(text));
            });
  }
}
