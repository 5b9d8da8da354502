package latchkey.domain.notice;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Locale;
import latchkey.base.language.Translation;
import latchkey.base.web.DeviceName;
import latchkey.domain.notice.Incident.Place;
import org.jspecify.annotations.Nullable;

/// An incident in words of its user's language, for pages and mails alike. Names that others chose
/// are [PlainWords].
///
/// @param question whether the user is asked who it was
/// @param device what people's device lists call it
/// @param deviceId null for a session without a device
/// @param when date and time, UTC
/// @param here who was given the newest tokens
/// @param elsewhere who came with what had been used before
public record Told(
    boolean question,
    String clientName,
    String device,
    @Nullable String deviceId,
    String when,
    Spot here,
    Spot elsewhere) {
  /// @param address null if it is not known
  /// @param program null if it is not known
  public record Spot(@Nullable String address, @Nullable String program) {}

  public static Told of(Incident incident, String clientName, Translation translation) {
    var name = PlainWords.of(clientName);
    return new Told(
        incident.isQuestion(),
        name,
        DeviceName.of(translation, name, incident.sessionAgent()),
        incident.device() == null ? null : PlainWords.of(incident.device()),
        DateTimeFormatter.ofLocalizedDateTime(FormatStyle.LONG, FormatStyle.SHORT)
            .withLocale(Locale.forLanguageTag(translation.language()))
            .withZone(ZoneOffset.UTC)
            .format(incident.at()),
        spot(incident.rotated()),
        spot(incident.presented()));
  }

  private static Spot spot(Place place) {
    var agent = place.userAgent();
    return new Spot(place.ipAddress(), agent == null ? null : PlainWords.of(agent));
  }
}
