package latchkey.base.oauth;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a client is told through the browser (RFC 6749 §4.1.2), with the issuer's name in it (RFC
/// 9207).
public record AuthorizationResponse(
    String redirectUri, ResponseMode mode, Map<String, String> parameters) {
  public AuthorizationResponse {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /// @param state echoed if the client sent one
  public static AuthorizationResponse of(
      String redirectUri,
      ResponseMode mode,
      @Nullable String state,
      String issuer,
      Map<String, String> answer) {
    var parameters = new LinkedHashMap<String, String>();
    if (state != null) {
      parameters.put("state", state);
    }
    parameters.putAll(answer);
    parameters.put("iss", issuer);
    return new AuthorizationResponse(redirectUri, mode, parameters);
  }

  /// The URL that carries it. One that is posted has none: what stands in it must not be in an
  /// address.
  public String location() {
    return switch (mode) {
      case QUERY -> {
        char separator = redirectUri.indexOf('?') < 0 ? '?' : '&';
        // The empty fragment makes browsers drop one that is left of an earlier answer.
        yield redirectUri + separator + encoded() + "#";
      }
      case FRAGMENT -> redirectUri + "#" + encoded();
      case FORM_POST -> throw new IllegalStateException("an answer that is posted has no URL");
    };
  }

  private String encoded() {
    var text = new StringBuilder();
    parameters.forEach(
        (name, value) ->
            text.append(text.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return text.toString();
  }

  /// The parameters may hold a code.
  @Override
  public String toString() {
    return "AuthorizationResponse[" + redirectUri + ", " + mode + "]";
  }
}
