package latchkey.base.system;

import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.time.Clock;

/// Hands out the clock. Tests put one in its place that they can move.
@Singleton
class SystemBeans {
  @Produces
  @Singleton
  @Typed(DatabaseClock.class)
  DatabaseClock databaseClock() {
    return new DatabaseClock();
  }

  @Produces
  @Singleton
  @DefaultBean
  Clock clock(DatabaseClock databaseClock) {
    return databaseClock;
  }
}
