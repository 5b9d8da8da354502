package latchkey.base.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import latchkey.base.error.OAuthProblem;
import latchkey.base.oauth.OAuthError;
import org.jspecify.annotations.Nullable;

/// Reads request bodies, up to [#LIMIT] bytes, and says in OAuth's words what is wrong with one.
/// The mapper turns the same refusals into a page where the route is for people.
public final class Bodies {
  /// No request Latchkey understands comes near this.
  public static final int LIMIT = 256 * 1024;

  private static final String FORM = "application/x-www-form-urlencoded";

  private Bodies() {}

  /// Whether reading it waits for nobody: a short body of a method that runs on the event loop.
  public static boolean hasArrived(InputStream body) {
    return body instanceof ByteArrayInputStream whole && whole.available() <= LIMIT;
  }

  public static byte[] read(InputStream body) {
    try {
      // A stream of unknown length costs a buffer of 16 KiB.
      var bytes = hasArrived(body) ? body.readAllBytes() : body.readNBytes(LIMIT + 1);
      if (bytes.length > LIMIT) {
        throw tooLarge();
      }
      return bytes;
    } catch (IOException e) {
      throw OAuthProblem.of(OAuthError.INVALID_REQUEST, "The body ended too early.");
    }
  }

  /// The form of a `POST`. Repeated parameters are refused (RFC 6749 §3.2).
  public static Parameters form(@Nullable String contentType, InputStream body) {
    var form = readableForm(contentType, body);
    if (!form.repeated().isEmpty()) {
      throw invalid("A parameter is there more than once.");
    }
    return form;
  }

  /// The form of a `POST`; refuses one that cannot be read, and leaves repeats to the caller.
  public static Parameters readableForm(@Nullable String contentType, InputStream body) {
    requireType(contentType, FORM);
    try {
      return Parameters.parse(read(body));
    } catch (Parameters.Malformed e) {
      throw invalid("The form cannot be read: " + e.reason() + ".");
    }
  }

  /// Refuses another media type than `wanted` with 415; parameters such as `charset` do not matter.
  public static void requireType(@Nullable String contentType, String wanted) {
    var type = contentType == null ? "" : contentType;
    int semicolon = type.indexOf(';');
    var bare = (semicolon < 0 ? type : type.substring(0, semicolon)).strip();
    if (!bare.toLowerCase(Locale.ROOT).equals(wanted)) {
      throw OAuthProblem.of(
          OAuthError.INVALID_REQUEST, 415, "The body must be sent as " + wanted + ".");
    }
  }

  public static OAuthProblem tooLarge() {
    return OAuthProblem.of(OAuthError.INVALID_REQUEST, 413, "The body is too large.");
  }

  private static OAuthProblem invalid(String description) {
    return OAuthProblem.of(OAuthError.INVALID_REQUEST, description);
  }
}
