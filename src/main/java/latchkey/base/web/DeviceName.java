package latchkey.base.web;

import org.jspecify.annotations.Nullable;

/// What a new device is called in people's device lists: "Element on Firefox".
public final class DeviceName {
  private DeviceName() {}

  public static String of(String client, @Nullable String userAgent) {
    return client + " on " + place(userAgent == null ? "" : userAgent);
  }

  /// The order matters: browsers name their ancestors too.
  private static String place(String agent) {
    if (agent.contains("Electron/")) {
      return "a computer";
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
      return agent.contains("Safari/") ? "Safari" : "an unknown device";
    }
  }
}
