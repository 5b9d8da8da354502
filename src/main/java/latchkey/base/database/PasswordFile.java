package latchkey.base.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import latchkey.base.crypto.Secret;

/// libpq's file of passwords, `~/.pgpass` or what `PGPASSFILE` names: one line for each, as
/// `host:port:database:user:password`, where an asterisk fits anything. The first line that fits
/// counts.
record PasswordFile(Path path) {
  private static final Set<PosixFilePermission> OF_ITS_OWNER =
      Set.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);
  private static final int PASSWORD = 4;

  static PasswordFile of(Map<String, String> environment) {
    var named = environment.getOrDefault("PGPASSFILE", "");
    var home = environment.getOrDefault("HOME", System.getProperty("user.home"));
    return new PasswordFile(named.isEmpty() ? Path.of(home, ".pgpass") : Path.of(named));
  }

  /// Whether there is one that others may read or change: then libpq passes it over, and so do we.
  boolean isOpenToOthers() {
    try {
      return Files.isRegularFile(path)
          && !OF_ITS_OWNER.containsAll(Files.getPosixFilePermissions(path));
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /// @param hosts the names the server goes by
  Optional<Secret> find(List<String> hosts, String port, String database, String user) {
    if (!Files.isRegularFile(path) || isOpenToOthers()) {
      return Optional.empty();
    }
    try {
      for (var line : Files.readAllLines(path)) {
        var fields = line.startsWith("#") ? List.<String>of() : fields(line);
        if (fields.size() > PASSWORD
            && hosts.stream().anyMatch(host -> fits(fields.get(0), host))
            && fits(fields.get(1), port)
            && fits(fields.get(2), database)
            && fits(fields.get(3), user)) {
          return Optional.of(Secret.of(fields.get(PASSWORD)));
        }
      }
    } catch (IOException e) {
      // As if it were not there.
    }
    return Optional.empty();
  }

  private static boolean fits(String field, String value) {
    return field.equals("*") || field.equals(value);
  }

  /// A backslash takes a colon or a backslash as it is.
  private static List<String> fields(String line) {
    var fields = new ArrayList<String>();
    var field = new StringBuilder();
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && i + 1 < line.length()) {
        field.append(line.charAt(++i));
      } else if (c == ':') {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return fields;
  }
}
