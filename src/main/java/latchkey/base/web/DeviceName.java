package latchkey.base.web;

import java.util.Optional;
import latchkey.base.language.Message;
import latchkey.base.language.Translation;
import org.jspecify.annotations.Nullable;

/// What a new device is called in people's device lists: "Element on Firefox".
public final class DeviceName {
  private DeviceName() {}

  /// @param translation the language of the person whose device it is
  public static String of(Translation translation, String client, @Nullable String userAgent) {
    var place = place(userAgent == null ? "" : userAgent);
    return translation.say(
        Message.of("mas.device_display_name.client_on_device")
            .with("client_name", client)
            .with(
                "device_name",
                place.isEmpty()
                    ? translation.say("mas.device_display_name.unknown_device")
                    : place));
  }

  /// What a program runs in or on, by a name that is the same in all languages; empty if it does
  /// not say.
  public static Optional<String> placeOf(@Nullable String userAgent) {
    return Optional.of(place(userAgent == null ? "" : userAgent)).filter(name -> !name.isEmpty());
  }

  /// A name that is the same in all languages; empty for an unknown place. The order matters:
  /// browsers name their ancestors too.
  private static String place(String agent) {
    if (agent.contains("Electron/")) {
      return desktop(agent);
    } else if (agent.contains("Android")) {
      return "Android";
    } else if (agent.contains("iPhone") || agent.contains("iOS")) {
      return "iPhone";
    } else if (agent.contains("iPad")) {
      return "iPad";
    } else if (agent.contains("Edg/")) {
      return "Edge";
    } else if (agent.contains("Firefox/")) {
      return "Firefox";
    } else if (agent.contains("Chrome/")) {
      return "Chrome";
    } else {
      return agent.contains("Safari/") ? "Safari" : "";
    }
  }

  private static String desktop(String agent) {
    if (agent.contains("Windows")) {
      return "Windows";
    }
    return agent.contains("Mac OS X") ? "macOS" : "Linux";
  }
}
