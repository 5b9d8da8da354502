package latchkey.domain.notice;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import latchkey.base.language.Translation;
import latchkey.base.system.Ids;
import latchkey.base.web.DeviceName;
import latchkey.domain.notice.Incident.Place;
import org.jspecify.annotations.Nullable;

/// An incident in words of its user's language, for pages and mails alike.
///
/// @param ended whether the session is over
/// @param question whether the user is asked who it was
/// @param device what people's device lists call it
/// @param deviceId null for a session without a device
/// @param when date and time, UTC
/// @param here who was given the newest tokens
/// @param elsewhere who came with what had been used before
public record Told(
    String id,
    boolean ended,
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

  private static final int LONGEST = 120;

  /// What a mail program could make a link of. The name of a program is chosen by whoever sent it.
  private static final Pattern LIKE_A_LINK =
      Pattern.compile("//|@|www\\.|[A-Za-z][A-Za-z-]*\\.[A-Za-z]{2,}");

  private static final Pattern STRANGE = Pattern.compile("[^A-Za-z0-9 ./;:_()+,-]");

  public static Told of(Incident incident, String clientName, Translation translation) {
    return new Told(
        Ids.text(incident.id()),
        !incident.live(),
        incident.isQuestion(),
        clientName,
        DeviceName.of(translation, clientName, incident.sessionAgent()),
        incident.device(),
        DateTimeFormatter.ofLocalizedDateTime(FormatStyle.LONG, FormatStyle.SHORT)
            .withLocale(Locale.forLanguageTag(translation.language()))
            .withZone(ZoneOffset.UTC)
            .format(incident.at()),
        spot(incident.rotated()),
        spot(incident.presented()));
  }

  private static Spot spot(Place place) {
    var agent = place.userAgent();
    return new Spot(place.ipAddress(), agent == null ? null : program(agent));
  }

  static String program(String userAgent) {
    var harmless =
        Arrays.stream(userAgent.split("\\s+"))
            .map(
                word ->
                    LIKE_A_LINK.matcher(word).find() ? "…" : STRANGE.matcher(word).replaceAll(""))
            .filter(word -> !word.isEmpty())
            .collect(Collectors.joining(" "));
    return harmless.length() > LONGEST ? harmless.substring(0, LONGEST) + "…" : harmless;
  }
}
