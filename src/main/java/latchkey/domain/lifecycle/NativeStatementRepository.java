package latchkey.domain.lifecycle;

import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;

/// Statements of this package's repositories about providers, within the caller's transaction: what
/// Hibernate holds back is written first.
@Singleton
class NativeStatementRepository {
  private final EntityManager entities;

  NativeStatementRepository(EntityManager entities) {
    this.entities = entities;
  }

  Query change(String sql) {
    entities.flush();
    return entities.createNativeQuery(sql);
  }

  Query ask(String sql, Class<?> type) {
    entities.flush();
    return entities.createNativeQuery(sql, type);
  }
}
