package latchkey.base.listener;

import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import latchkey.base.config.Kind;
import latchkey.base.config.Section;
import latchkey.base.web.IpNetwork;

/// Reads one entry of `http.listeners[].binds`. The first shape that fits counts, in this order:
/// host and port, address, Unix socket, inherited descriptor (`configuration.md` 3.4).
final class BindReader {
  private static final int MAX_MODE = 0777;

  private static final Kind<Bind> ADDRESS =
      Kind.texts(
          "address and port",
          "an address and a port are expected, such as [::]:8080",
          "[::]:8080",
          BindReader::address);

  private static final Kind<Set<PosixFilePermission>> MODE =
      Kind.texts(
          "octal number as a text",
          "an octal number as a text is expected, such as \"660\"",
          "660",
          BindReader::mode);

  private BindReader() {}

  static Optional<Bind> read(Section bind) {
    if (bind.has("port")) {
      var host = bind.string("host");
      return bind.integer("port", 0, 65535)
          .map(port -> new Bind.Tcp(host.orElse(null), port.intValue()));
    }
    if (bind.has("address")) {
      return bind.value("address", ADDRESS);
    }
    if (bind.has("socket")) {
      return socket(bind);
    }
    refuseDescriptor(bind);
    return Optional.empty();
  }

  private static Optional<Bind> address(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1) {
      return Optional.empty();
    }
    var host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    var literal = bracketed ? host.substring(1, host.length() - 1) : host;
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      boolean valid =
          port >= 0
              && port <= 65535
              && bracketed == (literal.indexOf(':') >= 0)
              && literal.indexOf('/') < 0
              && IpNetwork.parse(literal).isPresent();
      return valid ? Optional.of(new Bind.Tcp(literal, port)) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<Bind> socket(Section bind) {
    var mode = bind.value("mode", MODE, Set.of());
    return bind.value("socket", Kind.PATH).map(path -> new Bind.Unix(path, mode));
  }

  private static Optional<Set<PosixFilePermission>> mode(String text) {
    try {
      int mode = Integer.parseInt(text, 8);
      return mode >= 0 && mode <= MAX_MODE ? Optional.of(permissions(mode)) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    var permissions = EnumSet.noneOf(PosixFilePermission.class);
    // From the owner's right to read, the highest bit, down to the right of others to execute.
    for (var permission : PosixFilePermission.values()) {
      if ((mode & (0400 >> permission.ordinal())) != 0) {
        permissions.add(permission);
      }
    }
    return permissions;
  }

  /// Any mapping that is nothing else would be an inherited descriptor, a misspelt one too.
  private static void refuseDescriptor(Section bind) {
    boolean meant = bind.has("fd") || bind.has("kind");
    bind.notYet(
        "",
        meant,
        "sockets inherited from a supervisor (fd, kind) are not supported; give host and port,"
            + " address, or socket");
    bind.rule(
        "",
        meant,
        "a port, an address or a socket is needed",
        "; without, it would stand for an inherited socket, which is not supported"
            + bind.likelyTypo("port", "host", "address", "socket"));
  }
}
