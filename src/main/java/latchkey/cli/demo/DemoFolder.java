package latchkey.cli.demo;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Supplier;

/// The folder that keeps a demo between runs: its secrets, its password, its database. Only its
/// owner can read it.
public final class DemoFolder {
  /// A demo that cannot be shown here, in a sentence.
  public static final class CannotShow extends Exception {
    CannotShow(String message) {
      super(message);
    }

    public CannotShow(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private final Path folder;

  /// Makes the folder, if it is not there.
  public DemoFolder(Path folder) throws CannotShow {
    this.folder = folder.toAbsolutePath();
    try {
      Files.createDirectories(this.folder);
      if (Files.getFileStore(this.folder).supportsFileAttributeView("posix")) {
        Files.setPosixFilePermissions(this.folder, PosixFilePermissions.fromString("rwx------"));
      }
    } catch (IOException e) {
      throw new CannotShow(
          "the folder " + this.folder + " cannot be written; set LATCHKEY_DEMO_DIR to one that can",
          e);
    }
  }

  /// What the file holds, made at the first run.
  public String keep(String name, Supplier<String> made) throws CannotShow {
    var file = folder.resolve(name);
    try {
      if (!Files.exists(file)) {
        Files.writeString(file, made.get());
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new CannotShow("the file " + file + " cannot be written", e);
    }
  }

  public Path write(String name, String text) throws CannotShow {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new CannotShow("the file " + folder.resolve(name) + " cannot be written", e);
    }
  }

  public Path file(String name) {
    return folder.resolve(name);
  }

  public EmbeddedPostgres startPostgres() throws CannotShow {
    try {
      return EmbeddedPostgres.builder()
          .setDataDirectory(folder.resolve("postgres"))
          .setOverrideWorkingDirectory(folder.resolve("postgres-binaries").toFile())
          .setCleanDataDirectory(false)
          .start();
    } catch (IOException | RuntimeException e) {
      throw new CannotShow(
          "the demo's PostgreSQL did not start; is another demo running? Deleting "
              + folder.resolve("postgres")
              + " starts over ("
              + e.getMessage()
              + ")",
          e);
    }
  }

  /// Refuses a port that somebody else has.
  public static void requireFree(int port, String variable) throws CannotShow {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      socket.setReuseAddress(true);
    } catch (IOException e) {
      throw new CannotShow(
          "port " + port + " is taken by another program; set " + variable + " to a free one", e);
    }
  }
}
