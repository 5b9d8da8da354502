package latchkey.base.listener;

import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where a listener takes connections (`configuration.md` 3.4).
sealed interface Bind {
  /// A TCP port. A host name may stand for several addresses: the first that can be bound is used.
  ///
  /// @param host a name or a literal address; null for every address there is
  record Tcp(@Nullable String host, int port) implements Bind {
    @Override
    public String toString() {
      var name = host == null ? "[::]" : host.indexOf(':') >= 0 ? "[" + host + "]" : host;
      return name + ":" + port;
    }
  }

  /// A socket in the file system.
  ///
  /// @param mode who may connect; empty leaves it to the umask
  record Unix(Path socket, Set<PosixFilePermission> mode) implements Bind {
    public Unix {
      mode = Set.copyOf(mode);
    }

    @Override
    public String toString() {
      return "unix:" + socket;
    }
  }
}
