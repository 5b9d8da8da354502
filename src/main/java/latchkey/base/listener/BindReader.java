package latchkey.base.listener;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import latchkey.base.config.Section;
import latchkey.base.web.IpNetwork;

/// Reads one entry of `http.listeners[].binds`. The first shape that fits counts, in this order:
/// host and port, address, Unix socket, inherited descriptor (`configuration.md` 3.4).
final class BindReader {
  private static final int MAX_MODE = 0777;

  private BindReader() {}

  static Optional<Bind> read(Section bind) {
    var read = shape(bind);
    bind.warnOfUnknown();
    return read;
  }

  private static Optional<Bind> shape(Section bind) {
    if (bind.has("port")) {
      var host = bind.string("host");
      return bind.integer("port", 0, 65535)
          .map(port -> new Bind.Tcp(host.orElse(null), port.intValue()));
    }
    if (bind.has("address")) {
      return address(bind);
    }
    if (bind.has("socket")) {
      return socket(bind);
    }
    refuseDescriptor(bind);
    return Optional.empty();
  }

  private static Optional<Bind> address(Section bind) {
    var address = bind.string("address").flatMap(BindReader::address);
    if (address.isEmpty()) {
      bind.fault("address", "an address and a port are expected, such as [::]:8080");
    }
    return address;
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
    var mode = bind.has("mode") ? mode(bind) : Set.<PosixFilePermission>of();
    try {
      return bind.string("socket").map(path -> new Bind.Unix(Path.of(path), mode));
    } catch (InvalidPathException e) {
      bind.fault("socket", "a path is expected");
      return Optional.empty();
    }
  }

  private static Set<PosixFilePermission> mode(Section bind) {
    try {
      int mode = Integer.parseInt(bind.string("mode").orElse(""), 8);
      if (mode >= 0 && mode <= MAX_MODE) {
        return permissions(mode);
      }
    } catch (NumberFormatException e) {
      // told below
    }
    bind.fault("mode", "an octal number as a text is expected, such as \"660\"");
    return Set.of();
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
    var typo = meant ? "" : bind.likelyTypo("port", "host", "address", "socket");
    bind.fault(
        "",
        meant
            ? "sockets inherited from a supervisor (fd, kind) are not supported; give host and port,"
                + " address, or socket"
            : "has neither port, address nor socket, and would stand for an inherited socket, which"
                + " is not supported"
                + typo);
  }
}
