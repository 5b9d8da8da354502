package latchkey.domain.lifecycle;

import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.crypto.Secret;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;
import latchkey.domain.audit.AuditEventRepository;
import latchkey.domain.user.AppPasswordRepository;
import latchkey.domain.user.AppPasswordText;
import latchkey.domain.user.UserTurnRepository;
import org.jspecify.annotations.Nullable;

/// Makes a password for one legacy app of a user. The secret exists in what this answers, and
/// nowhere else.
@Singleton
public class MakeAppPassword {
  /// More than anybody has apps; so many are compared at a login.
  public static final int MOST = 50;

  /// @param secret to be shown once
  public record Made(UUID id, Secret secret) {}

  private final UserTurnRepository turns;
  private final AppPasswordRepository passwords;
  private final AuditEventRepository audit;
  private final Randomness randomness;
  private final Clock clock;
  private final Ids ids;

  MakeAppPassword(
      UserTurnRepository turns,
      AppPasswordRepository passwords,
      AuditEventRepository audit,
      Randomness randomness,
      Clock clock,
      Ids ids) {
    this.turns = turns;
    this.passwords = passwords;
    this.audit = audit;
    this.randomness = randomness;
    this.clock = clock;
    this.ids = ids;
  }

  /// Empty if the user has [#MOST] already.
  ///
  /// @param name what the user calls it
  /// @param life how long it is good for; null for ever
  @Transactional
  public Optional<Made> handle(UUID user, String name, @Nullable Duration life)
      throws SQLException {
    var now = clock.instant();
    var id = ids.next(now);
    var secret = AppPasswordText.make(randomness);
    var row =
        new AppPasswordRepository.NewAppPassword(
            id,
            user,
            name,
            AppPasswordText.digest(secret).orElseThrow(),
            life == null ? null : now.plus(life));
    // Or two that are made at once could both be the last.
    turns.take(user);
    if (!passwords.insert(row, MOST, now)) {
      return Optional.empty();
    }
    audit.append(
        "app_password_made",
        user,
        null,
        null,
        new JsonObject().put("app_password_id", Ids.text(id)).put("name", name));
    return Optional.of(new Made(id, secret));
  }
}
