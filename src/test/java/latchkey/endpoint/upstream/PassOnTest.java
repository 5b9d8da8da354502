package latchkey.endpoint.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import latchkey.domain.upstream.PassedOn;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a client wants of a sign-in reaches the provider.
@Tag("OIDC-Core-3.1.2.1")
class PassOnTest {
  @Test
  void how_good_and_how_new_the_sign_in_has_to_be_is_passed_on() {
    var request = Map.of("acr_values", "gold silver", "max_age", "60", "prompt", "login consent");

    assertThat(PassOn.of(request))
        .isEqualTo(
            new PassedOn(
                List.of("gold", "silver"),
                Optional.of(Duration.ofSeconds(60)),
                Optional.of("login")));
  }

  @Test
  @Tag("OIDC-Core-5.5.1.1")
  void what_it_cannot_do_without_comes_first_and_a_wish_last() {
    var claims =
        "{\"id_token\":{\"acr\":{\"essential\":%s,\"values\":[\"z\",\"a b\",\"y\",\"gold\"]}}}";

    assertThat(
            PassOn.of(Map.of("acr_values", "gold x", "claims", claims.formatted(true))).acrValues())
        .containsExactly("z", "y", "gold", "x");
    assertThat(
            PassOn.of(Map.of("acr_values", "gold x", "claims", claims.formatted(false)))
                .acrValues())
        .containsExactly("gold", "x", "z", "y");
    assertThat(PassOn.of(Map.of("claims", "no JSON")).acrValues()).isEmpty();
  }

  @Test
  void what_is_between_the_client_and_us_is_not() {
    assertThat(PassOn.of(Map.of("prompt", "consent", "scope", "openid", "nonce", "n")))
        .isEqualTo(PassedOn.NOTHING);
    assertThat(PassOn.of(Map.of())).isEqualTo(PassedOn.NOTHING);
  }

  @Test
  void who_wants_no_old_sign_in_at_all_is_heard() {
    assertThat(PassOn.of(Map.of("max_age", "0")).maxAge()).contains(Duration.ZERO);
  }
}
