package latchkey.base.database;

import java.time.Duration;

/// For how long the last known answers are served after the database was lost:
/// `latchkey.introspection.stale_if_error`, counted on each replica from the moment it lost it.
public record StaleIfError(Duration limit) {
  public boolean allows(Duration away) {
    return away.compareTo(limit) <= 0;
  }
}
