package latchkey.domain.session;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import latchkey.base.database.Changes;
import latchkey.base.database.DatabaseState;
import latchkey.base.database.Remembered;
import latchkey.base.database.StaleIfError;

/// What this replica remembers of OAuth and compat sessions and their users, so that a warm
/// introspection costs no SQL.
@Singleton
public class SessionCache {
  private static final int SNAPSHOT_BYTES = 600;
  private static final long MOST_BYTES = 64 << 20;
  private static final int SHARE_OF_MEMORY = 6;

  /// What is known of a session id.
  public sealed interface Answer {
    /// @param inUse the newest generation that was noted to be in use, to note each only once
    record Known(SessionSnapshot session, AtomicLong inUse) implements Answer {}

    /// The database was asked and has no such row.
    record Missing() implements Answer {}

    /// The database cannot be asked, and nothing recent enough is remembered.
    record Unknown() implements Answer {}
  }

  private record Source(SessionTokensRepository repository)
      implements Remembered.Source<Answer.Known> {
    @Override
    public Optional<Answer.Known> read(UUID id) throws SQLException {
      return repository
          .find(id)
          .map(session -> new Answer.Known(session, new AtomicLong(session.usedGeneration())));
    }

    @Override
    public UUID[] dependsOn(UUID id, Answer.Known row) {
      var client = row.session().clientId();
      var user = row.session().user();
      return Stream.of(id, client, user == null ? null : user.id())
          .filter(Objects::nonNull)
          .toArray(UUID[]::new);
    }

    @Override
    public int weight(Answer.Known row) {
      var agent = row.session().lastRotation().userAgent();
      return SNAPSHOT_BYTES
          + 4 * row.session().scope().toString().length()
          + (agent == null ? 0 : agent.length());
    }
  }

  private final Remembered<Answer.Known> sessions;

  public SessionCache(
      SessionTokensRepository repository,
      Changes changes,
      DatabaseState database,
      StaleIfError staleIfError,
      MeterRegistry meters) {
    long bytes = Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / SHARE_OF_MEMORY);
    this.sessions =
        new Remembered<>(
            "sessions", bytes, new Source(repository), changes, database, staleIfError, meters);
  }

  public Answer find(UUID id) {
    return answer(sessions.find(id));
  }

  /// What is known without asking the database; empty if it would have to be asked.
  public Optional<Answer> recall(UUID id) {
    return sessions.recall(id).map(SessionCache::answer);
  }

  private static Answer answer(Remembered.Answer<Answer.Known> answer) {
    return switch (answer) {
      case Remembered.Answer.Known<Answer.Known>(var known) -> known;
      case Remembered.Answer.Missing<Answer.Known> _ -> new Answer.Missing();
      case Remembered.Answer.Unknown<Answer.Known> _ -> new Answer.Unknown();
    };
  }
}
