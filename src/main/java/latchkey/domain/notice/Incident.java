package latchkey.domain.notice;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import latchkey.domain.session.FinishReason;
import org.jspecify.annotations.Nullable;

/// Something that happened to a session of a user.
///
/// @param client null if it was a legacy client
/// @param session which it was; its row may be gone
/// @param live whether that session goes on
/// @param end why it ended, if it did and its row is there
/// @param sessionName what a legacy client called its device, if the row is there
/// @param sessionAgent the program that opened it, if the row is there and knows
/// @param rotated who was given the newest tokens
/// @param presented who came with what had been used before
/// @param answered whether the user has seen it, and answered what was asked
public record Incident(
    UUID id,
    Instant at,
    Kind kind,
    UUID user,
    @Nullable UUID client,
    UUID session,
    boolean live,
    @Nullable String end,
    @Nullable String device,
    @Nullable String sessionName,
    @Nullable String sessionAgent,
    Place rotated,
    Place presented,
    boolean answered) {
  /// Where a request came from, as far as the network shows it.
  public record Place(@Nullable String ipAddress, @Nullable String userAgent) {}

  /// What it was. The words are those of the audit events.
  public enum Kind {
    REFRESH_TOKEN_REUSED("refresh_token_reused"),
    CODE_REUSED("code_reused"),
    SUSPICION("refresh_suspicion");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }

    /// Empty for an event that users are not told of.
    public static Optional<Kind> parse(String text) {
      for (var kind : values()) {
        if (kind.text.equals(text)) {
          return Optional.of(kind);
        }
      }
      return Optional.empty();
    }
  }

  /// Ends that protect an account. A session may also have ended for reasons that a suspicion has
  /// nothing to do with.
  static final Set<String> PROTECTING =
      Stream.of(
              FinishReason.SUSPICION,
              FinishReason.REFRESH_TOKEN_REUSED,
              FinishReason.CODE_REUSED,
              FinishReason.ENDED_BY_USER)
          .map(FinishReason::text)
          .collect(Collectors.toUnmodifiableSet());

  /// Whether there is something to tell, or to ask. Nothing of either is left of a suspicion whose
  /// session has ended for another reason.
  public boolean matters() {
    return kind != Kind.SUSPICION || live || (end != null && PROTECTING.contains(end));
  }

  /// Whether the user is asked instead of told.
  public boolean isQuestion() {
    return kind == Kind.SUSPICION && live;
  }
}
