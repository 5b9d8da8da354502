package latchkey.base.web;

import io.quarkus.qute.TemplateInstance;
import java.util.Map;

/// The interstitial for a browser whose account or session is not usable (`pages.md` 1.5): says so,
/// and offers to start over without losing where the person was going.
public record AccountStatePage(
    Frame frame,
    String heading,
    String text,
    String button,
    String csrf,
    Map<String, String> continuation)
    implements TemplateInstance {

  public static AccountStatePage locked(
      Frame frame, String matrixId, String csrf, Map<String, String> continuation) {
    return new AccountStatePage(
        frame,
        "This account is locked",
        "Nobody can use " + matrixId + " at the moment. Ask whoever runs this server why.",
        "Sign in with another account",
        csrf,
        continuation);
  }

  public static AccountStatePage deactivated(
      Frame frame, String matrixId, String csrf, Map<String, String> continuation) {
    return new AccountStatePage(
        frame,
        "This account was deleted",
        matrixId + " is no longer in use.",
        "Sign in with another account",
        csrf,
        continuation);
  }

  public static AccountStatePage ended(Frame frame, String csrf, Map<String, String> continuation) {
    return new AccountStatePage(
        frame,
        "You were signed out",
        "This browser was signed out from another place.",
        "Sign in again",
        csrf,
        continuation);
  }
}
