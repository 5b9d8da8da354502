package latchkey.world;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/// A PostgreSQL of a test's own, with everything that can happen to one: stopped, killed, frozen,
/// started again, followed by a standby that takes over. Commits are answered once they are
/// written, as in production; only the disk is not waited for.
public final class Postgres implements AutoCloseable {
  private static final Set<String> LEFT_OUT = Set.of("postmaster.pid", "epg-lock", "pg_wal");

  private final Path folder;
  private final int port;
  private final Map<String, String> settings;
  private EmbeddedPostgres server;

  private Postgres(Path folder, Map<String, String> settings) {
    this.folder = folder;
    this.port = Doors.freePort();
    this.settings = settings;
  }

  /// A new, empty one.
  public static Postgres start() {
    return start(Map.of());
  }

  /// @param settings of `postgresql.conf`, on top of what this class needs itself
  public static Postgres start(Map<String, String> settings) {
    var all = new LinkedHashMap<String, String>();
    all.put("max_connections", "100");
    all.put("synchronous_commit", "on");
    all.put("wal_keep_size", "256MB");
    all.putAll(settings);
    var postgres = new Postgres(temporaryFolder(), all);
    postgres.begin();
    return postgres;
  }

  public int port() {
    return port;
  }

  /// Straight to it.
  public DataSource database() {
    var source = new PGSimpleDataSource();
    source.setServerNames(new String[] {"127.0.0.1"});
    source.setPortNumbers(new int[] {port});
    source.setDatabaseName("postgres");
    source.setUser("postgres");
    source.setConnectTimeout(5);
    source.setSocketTimeout(30);
    return source;
  }

  /// Starts it again after [#stop] or [#crash].
  public void begin() {
    try {
      var builder =
          EmbeddedPostgres.builder()
              .setPort(port)
              .setDataDirectory(folder)
              .setCleanDataDirectory(false);
      settings.forEach(builder::setServerConfig);
      server = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// In good order: connections are told.
  public void stop() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// As by `kill -9`.
  public void crash() {
    signal("KILL");
    stop();
  }

  /// Every process of it stands still; connections stay open and nobody answers.
  public void freeze() {
    signal("STOP");
  }

  public void thaw() {
    signal("CONT");
  }

  /// A copy that follows this one over a wire to it.
  public Postgres standby(Cable toThis) throws SQLException {
    var copy = new Postgres(temporaryFolder(), settings);
    try (var connection = database().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("select pg_backup_start('standby', true)");
      copyFolder(copy.folder);
      try (var row = statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
        row.next();
        copy.follow(row.getString(1), toThis.port());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    copy.begin();
    return copy;
  }

  /// A standby becomes the one that takes writes.
  public void promote() {
    sql("select pg_promote()");
  }

  public void sql(String sql) {
    try (var connection = database().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public long number(String sql) {
    try (var connection = database().getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    thaw();
    stop();
    try (var files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(Postgres::delete);
    } catch (IOException | UncheckedIOException e) {
      // a folder in the machine's temporary one may stay
    }
  }

  private void follow(String label, int primary) throws IOException {
    Files.writeString(folder.resolve("backup_label"), label);
    Files.createFile(folder.resolve("standby.signal"));
    Files.createDirectory(folder.resolve("pg_wal"));
    Files.writeString(
        folder.resolve("postgresql.auto.conf"),
        "primary_conninfo = 'host=127.0.0.1 port=%d user=postgres application_name=standby'\n"
            .formatted(primary),
        StandardOpenOption.APPEND);
  }

  private void copyFolder(Path to) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path from, BasicFileAttributes attributes)
              throws IOException {
            if (LEFT_OUT.contains(from.getFileName().toString())) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            if (!from.equals(folder)) {
              Files.copy(from, at(from), StandardCopyOption.COPY_ATTRIBUTES);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path from, BasicFileAttributes attributes)
              throws IOException {
            if (!LEFT_OUT.contains(from.getFileName().toString())) {
              try {
                Files.copy(from, at(from), StandardCopyOption.COPY_ATTRIBUTES);
              } catch (NoSuchFileException e) {
                // it went away meanwhile, which a backup may miss
              }
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
          }

          private Path at(Path from) {
            return to.resolve(folder.relativize(from));
          }
        });
  }

  /// To the postmaster first: once it stands still there are no new children.
  private void signal(String signal) {
    postmaster()
        .ifPresent(
            process -> {
              Processes.signal(process.pid(), signal);
              process
                  .descendants()
                  .toList()
                  .forEach(child -> Processes.signal(child.pid(), signal));
            });
  }

  private Optional<ProcessHandle> postmaster() {
    try {
      var lines = Files.readAllLines(folder.resolve("postmaster.pid"), StandardCharsets.US_ASCII);
      return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
          .filter(process -> process.info().command().orElse("").endsWith("postgres"));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("latchkey-postgres");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
