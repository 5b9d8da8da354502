package latchkey.domain.client;

import java.util.List;

/// The `grant_type` values that exist here.
public final class GrantType {
  public static final String AUTHORIZATION_CODE = "authorization_code";
  public static final String REFRESH_TOKEN = "refresh_token";

  public static final List<String> ALL = List.of(AUTHORIZATION_CODE, REFRESH_TOKEN);

  private GrantType() {}
}
