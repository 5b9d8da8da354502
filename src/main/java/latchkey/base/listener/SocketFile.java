package latchkey.base.listener;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// A Unix socket is bound under another name, given its mode, and, once every other bind is open,
/// moved over what is there: a stale socket is replaced, one that is in use stays if the start is
/// refused, and nobody sees one that refuses, or that anyone may use.
///
/// @param path where to bind
/// @param unix where it belongs, and its mode
record SocketFile(Path path, Bind.Unix unix) {
  static SocketFile beside(Bind.Unix unix) throws IOException {
    var target = unix.socket().toAbsolutePath();
    if (Files.exists(target) && (Files.isRegularFile(target) || Files.isDirectory(target))) {
      throw new IOException("there is something else than a socket at that path");
    }
    var beside = target.resolveSibling("." + target.getFileName() + ".new");
    Files.deleteIfExists(beside);
    return new SocketFile(beside, unix);
  }

  void setMode() throws IOException {
    if (!unix.mode().isEmpty()) {
      Files.setPosixFilePermissions(path, unix.mode());
    }
  }

  void moveIntoPlace() throws IOException {
    Files.move(
        path,
        unix.socket().toAbsolutePath(),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /// Takes it away if it was not moved.
  void remove() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // The next start replaces it.
    }
  }
}
