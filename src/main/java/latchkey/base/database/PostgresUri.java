package latchkey.base.database;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import latchkey.base.crypto.Secret;

/// A `postgresql://` connection string, taken apart the way libpq does; parts that are not there
/// are empty.
///
/// @param host one host or several, separated by commas
/// @param port one port, or as many as there are hosts
/// @param options the query, in libpq's names
record PostgresUri(
    String host,
    String port,
    String database,
    String user,
    Secret password,
    Map<String, String> options) {

  /// @throws IllegalArgumentException if this is no such string
  static PostgresUri parse(String text) {
    var rest = withoutScheme(text);
    int query = rest.indexOf('?');
    var options = options(query < 0 ? "" : rest.substring(query + 1));
    var address = query < 0 ? rest : rest.substring(0, query);
    int slash = address.indexOf('/');
    var authority = slash < 0 ? address : address.substring(0, slash);
    var database = slash < 0 ? "" : decode(address.substring(slash + 1));
    int at = authority.lastIndexOf('@');
    var user = at < 0 ? "" : authority.substring(0, at);
    int colon = user.indexOf(':');
    var hosts = new ArrayList<String>();
    var ports = new ArrayList<String>();
    for (var each : authority.substring(at + 1).split(",", -1)) {
      int port = portColon(each);
      hosts.add(decode(port < 0 ? each : each.substring(0, port)));
      ports.add(port < 0 ? "" : each.substring(port + 1));
    }
    var host = or(options, "host", String.join(",", hosts));
    return new PostgresUri(
        or(options, "hostaddr", host),
        ports(or(options, "port", joined(ports))),
        or(options, "dbname", database),
        or(options, "user", decode(colon < 0 ? user : user.substring(0, colon))),
        Secret.of(or(options, "password", colon < 0 ? "" : decode(user.substring(colon + 1)))),
        options);
  }

  private static String withoutScheme(String text) {
    for (var scheme : new String[] {"postgresql://", "postgres://"}) {
      if (text.startsWith(scheme)) {
        return text.substring(scheme.length());
      }
    }
    throw new IllegalArgumentException("another scheme");
  }

  /// The colon before the port, not one inside an IPv6 address.
  private static int portColon(String host) {
    int colon = host.lastIndexOf(':');
    return colon > host.lastIndexOf(']') ? colon : -1;
  }

  private static String joined(List<String> ports) {
    return ports.stream().allMatch(String::isEmpty) ? "" : String.join(",", ports);
  }

  private static String ports(String ports) {
    for (var port : ports.split(",", -1)) {
      if (!port.isEmpty() && (Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65535)) {
        throw new IllegalArgumentException("no port");
      }
    }
    return ports;
  }

  private static Map<String, String> options(String query) {
    var options = new LinkedHashMap<String, String>();
    for (var pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        options.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
      }
    }
    return options;
  }

  /// libpq lets the query repeat any part of the address, and believes the query.
  private static String or(Map<String, String> options, String name, String otherwise) {
    var value = options.remove(name);
    return value == null ? otherwise : value;
  }

  /// Percent-decoding, in which a plus is a plus.
  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
