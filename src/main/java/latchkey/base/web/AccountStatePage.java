package latchkey.base.web;

import java.util.Map;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;

/// The interstitial for a browser whose account or session is not usable (`pages.md` 1.5): says so,
/// and offers to start over without losing where the person was going.
///
/// @param matrixId whose account; empty where only the session is meant
public record AccountStatePage(
    Frame frame, State state, String matrixId, String csrf, Map<String, String> continuation)
    implements Page {
  /// Why.
  public enum State {
    LOCKED,
    DEACTIVATED,
    ENDED
  }

  /// @param deactivated whether it is, rather than locked
  public static AccountStatePage inactive(
      Frame frame,
      boolean deactivated,
      String matrixId,
      String csrf,
      Map<String, String> continuation) {
    return deactivated
        ? deactivated(frame, matrixId, csrf, continuation)
        : locked(frame, matrixId, csrf, continuation);
  }

  public static AccountStatePage locked(
      Frame frame, String matrixId, String csrf, Map<String, String> continuation) {
    return new AccountStatePage(frame, State.LOCKED, matrixId, csrf, continuation);
  }

  public static AccountStatePage deactivated(
      Frame frame, String matrixId, String csrf, Map<String, String> continuation) {
    return new AccountStatePage(frame, State.DEACTIVATED, matrixId, csrf, continuation);
  }

  public static AccountStatePage ended(Frame frame, String csrf, Map<String, String> continuation) {
    return new AccountStatePage(frame, State.ENDED, "", csrf, continuation);
  }
}
