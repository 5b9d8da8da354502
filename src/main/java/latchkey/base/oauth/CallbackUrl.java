package latchkey.base.oauth;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The URL that brings an answer to the client (RFC 6749 §4.1.2, OAuth 2.0 Multiple Response Types
/// §2.1), with the issuer's name in it (RFC 9207).
public final class CallbackUrl {
  public static final String QUERY = "query";
  public static final String FRAGMENT = "fragment";

  private CallbackUrl() {}

  /// @param state echoed if the client sent one
  public static String of(
      String redirectUri,
      String responseMode,
      @Nullable String state,
      String issuer,
      Map<String, String> answer) {
    var parameters = new LinkedHashMap<String, String>();
    if (state != null) {
      parameters.put("state", state);
    }
    parameters.putAll(answer);
    parameters.put("iss", issuer);
    if (responseMode.equals(FRAGMENT)) {
      return redirectUri + "#" + encode(parameters);
    }
    char separator = redirectUri.indexOf('?') < 0 ? '?' : '&';
    // The empty fragment makes browsers drop one that is left of an earlier answer.
    return redirectUri + separator + encode(parameters) + "#";
  }

  private static String encode(Map<String, String> parameters) {
    var text = new StringBuilder();
    parameters.forEach(
        (name, value) ->
            text.append(text.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return text.toString();
  }
}
