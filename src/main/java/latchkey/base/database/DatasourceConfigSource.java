package latchkey.base.database;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import latchkey.base.config.Configuration;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/// Gives Quarkus its data source out of `config.yaml`; nobody writes a `quarkus.*` key.
public final class DatasourceConfigSource implements ConfigSource {
  private static final String PREFIX = "quarkus.datasource.";
  private static final int ABOVE_APPLICATION_PROPERTIES = 275;

  private volatile @Nullable Map<String, String> values;

  @Override
  public Set<String> getPropertyNames() {
    return properties().keySet();
  }

  @Override
  public @Nullable String getValue(String name) {
    return name.startsWith(PREFIX) ? properties().get(name) : null;
  }

  @Override
  public String getName() {
    return "config.yaml";
  }

  @Override
  public int getOrdinal() {
    return ABOVE_APPLICATION_PROPERTIES;
  }

  @Override
  public Map<String, String> getProperties() {
    var known = values;
    return known != null ? known : properties();
  }

  private Map<String, String> properties() {
    var known = values;
    if (known == null) {
      known = read();
      values = known;
    }
    return known;
  }

  private static Map<String, String> read() {
    var configuration = Configuration.current();
    return of(DatabaseConfig.read(configuration.root(true), configuration.environment()));
  }

  static Map<String, String> of(DatabaseConfig database) {
    var values = new HashMap<String, String>();
    values.put(PREFIX + "jdbc.url", database.jdbcUrl());
    values.put(PREFIX + "username", database.username());
    if (!database.password().isEmpty()) {
      values.put(PREFIX + "password", database.password().reveal());
    }
    database
        .options()
        .forEach(
            (name, value) ->
                values.put(PREFIX + "jdbc.additional-jdbc-properties." + name, value.reveal()));
    values.put(PREFIX + "jdbc.max-size", Integer.toString(database.maxConnections()));
    values.put(PREFIX + "jdbc.min-size", Integer.toString(database.minConnections()));
    values.put(PREFIX + "jdbc.initial-size", "0");
    values.put(PREFIX + "jdbc.acquisition-timeout", database.connectTimeout().toSeconds() + "S");
    values.put(PREFIX + "jdbc.max-lifetime", database.maxLifetime().toSeconds() + "S");
    // Zero is said too: left out, it would be Quarkus's five minutes instead of never.
    values.put(PREFIX + "jdbc.idle-removal-interval", database.idleTimeout().toSeconds() + "S");
    // A pooler between us and the server may hand on what somebody else listened to.
    values.put(PREFIX + "jdbc.new-connection-sql", "UNLISTEN *");
    values.replaceAll((_, value) -> literally(value));
    return values;
  }

  /// Quarkus reads `$` as the begin of an expression; a backslash takes it as it is.
  private static String literally(String value) {
    return value.replace("$", "\\$");
  }
}
