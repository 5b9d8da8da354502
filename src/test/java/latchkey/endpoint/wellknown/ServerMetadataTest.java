package latchkey.endpoint.wellknown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import latchkey.base.oauth.Acr;
import latchkey.world.House;
import latchkey.world.World;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What the metadata says of sign-ins and claims: what works, and nothing else.
@QuarkusTest
@WithTestResource(House.class)
@Tag("OIDC-Discovery-3")
class ServerMetadataTest {
  @Test
  void it_says_what_can_be_asked_for() {
    var metadata = metadata();

    assertThat(metadata.getJsonArray("response_modes_supported"))
        .containsExactly("query", "fragment", "form_post");
    assertThat(metadata.getJsonArray("response_types_supported")).containsExactly("code");
    assertThat(metadata.getJsonArray("scopes_supported"))
        .containsExactly("openid", "profile", "email");
    assertThat(metadata.getJsonArray("acr_values_supported")).containsExactly(Acr.PASSWORD);
    assertThat(metadata.getJsonArray("display_values_supported")).containsExactly("page");
    assertThat(metadata.getJsonArray("userinfo_signing_alg_values_supported"))
        .isEqualTo(metadata.getJsonArray("id_token_signing_alg_values_supported"))
        .contains("RS256");
    assertThat(metadata.getBoolean("claims_parameter_supported")).isTrue();
    assertThat(metadata.getBoolean("request_parameter_supported")).isFalse();
    assertThat(metadata.getBoolean("request_uri_parameter_supported")).isFalse();
    assertThat(metadata.getJsonArray("claims_supported"))
        .contains("acr", "amr", "auth_time", "name", "preferred_username", "email", "sub")
        .doesNotContain("c_hash", "azp", "updated_at");
  }

  @Test
  void it_names_the_languages_that_pages_are_wholly_in() {
    var languages = metadata().getJsonArray("ui_locales_supported");

    assertThat(languages).containsExactly("en", "de");
    for (var language : languages) {
      World.http()
          .header("Accept-Language", language)
          .get("/")
          .then()
          .header("Content-Language", equalTo(language));
    }
  }

  @Test
  void create_is_no_prompt_while_nobody_can_register() {
    assertThat(metadata().getJsonArray("prompt_values_supported"))
        .containsExactly("none", "login", "consent", "select_account");
  }

  private static JsonObject metadata() {
    return new JsonObject(World.http().get("/.well-known/openid-configuration").asString());
  }
}
