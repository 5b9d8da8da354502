package latchkey.domain.session;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import latchkey.base.language.Translation;
import latchkey.base.system.Ids;
import latchkey.base.web.DeviceName;
import latchkey.domain.client.ClientName;
import latchkey.domain.client.ClientView;
import latchkey.domain.client.Clients;
import org.jspecify.annotations.Nullable;

/// Tells people of their sessions. Names and programs are what others chose, so they are one line
/// each ([ClientName]).
@Singleton
public class SessionWords {
  /// `pages.md` 11.2.
  private static final Duration NOW = Duration.ofMinutes(3);

  private static final Duration LONG_AGO = Duration.ofDays(90);

  /// A program that is no browser says its name first: `matrix-nio/0.25`.
  private static final Pattern PROGRAM = Pattern.compile("(?!Mozilla/)([A-Za-z][\\w .-]{0,63})/.*");

  private final Clients clients;
  private final Clock clock;

  SessionWords(Clients clients, Clock clock) {
    this.clients = clients;
    this.clock = clock;
  }

  /// @param here the session of the browser that asks; null if it does not matter
  public SeenSession of(ListedSession session, Translation translation, @Nullable UUID here) {
    var client = client(session).orElse(null);
    var seen = session.lastActiveAt();
    return new SeenSession(
        Ids.text(session.id()),
        session.kind(),
        title(session, client, translation),
        client,
        session.deviceId(),
        session.appPassword(),
        when(session.createdAt(), translation),
        seen == null ? null : when(seen, translation),
        seen != null && seen.plus(NOW).isAfter(clock.instant()),
        !(seen == null ? session.createdAt() : seen).plus(LONG_AGO).isAfter(clock.instant()),
        session.ipAddress(),
        ClientName.shown(session.userAgent()).orElse(null),
        session.id().equals(here));
  }

  private Optional<String> client(ListedSession session) {
    return Optional.ofNullable(session.client())
        .flatMap(clients::find)
        .map(ClientView::displayName);
  }

  private static String title(
      ListedSession session, @Nullable String client, Translation translation) {
    var agent = session.userAgent();
    return ClientName.shown(session.name())
        .orElseGet(
            () ->
                switch (session.kind()) {
                  case BROWSER ->
                      DeviceName.placeOf(agent)
                          .orElseGet(() -> translation.say("latchkey.session.some_browser"));
                  case OAUTH -> DeviceName.of(translation, client == null ? "?" : client, agent);
                  case COMPAT ->
                      program(agent)
                          .orElseGet(
                              () ->
                                  DeviceName.of(
                                      translation,
                                      translation.say("latchkey.notice.some_app"),
                                      agent));
                });
  }

  private static Optional<String> program(@Nullable String agent) {
    return Optional.ofNullable(agent)
        .map(PROGRAM::matcher)
        .filter(java.util.regex.Matcher::matches)
        .map(matcher -> matcher.group(1));
  }

  /// Date and time for people, UTC.
  public static String when(Instant at, Translation translation) {
    return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT)
            .withLocale(Locale.forLanguageTag(translation.language()))
            .withZone(ZoneOffset.UTC)
            .format(at)
        + " UTC";
  }
}
