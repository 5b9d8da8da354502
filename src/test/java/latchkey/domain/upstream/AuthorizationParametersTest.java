package latchkey.domain.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import latchkey.base.config.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `configuration.md` 12.3.
class AuthorizationParametersTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @Test
  void they_are_rendered_from_what_the_client_asked_for_in_their_order() throws Exception {
    var parameters =
        parameters(
            """
            additional_authorization_parameters:
              z: " {{ params.login_hint }} "
              prompt: "{% if logged_out %}login{% endif %}"
              a: plain
              hd: "{{ params.login_hint.split('@')[1] }}"
            """);

    var sent = parameters.render(Map.of("login_hint", "alice@example.com"), true);
    var without = parameters.render(Map.of(), false);

    assertThat(sent.values())
        .containsExactly(
            Map.entry("z", "alice@example.com"),
            Map.entry("prompt", "login"),
            Map.entry("a", "plain"),
            Map.entry("hd", "example.com"));
    assertThat(sent.warnings()).isEmpty();
    assertThat(without.values()).containsExactly(Map.entry("a", "plain"));
    assertThat(without.warnings())
        .containsExactly("hd: line 1 of the template: undefined has no method named split");
  }

  @Test
  void a_login_hint_is_forwarded_unless_it_is_configured_otherwise() throws Exception {
    var forwarded = parameters("forward_login_hint: true");
    var own =
        parameters(
            """
            forward_login_hint: true
            additional_authorization_parameters: {login_hint: "mxid:{{ params.login_hint }}"}
            """);
    var hint = Map.of("login_hint", "alice");

    assertThat(forwarded.render(hint, false).values())
        .containsExactly(Map.entry("login_hint", "alice"));
    assertThat(forwarded.render(Map.of(), false).values()).isEmpty();
    assertThat(own.render(hint, false).values())
        .containsExactly(Map.entry("login_hint", "mxid:alice"));
    assertThat(parameters("{}").render(hint, false).values()).isEmpty();
  }

  private AuthorizationParameters parameters(String settings) throws Exception {
    var file = folder.resolve("config.yaml");
    Files.writeString(
        file,
        """
        upstream_oauth2:
          providers:
            - id: 01ARZ3NDEKTSV4RRFFQ69G5FAV
              issuer: https://i.example/
              client_id: c
              token_endpoint_auth_method: none
        """
            + (settings.equals("{}") ? "" : settings.strip().indent(6)));
    var root = Configuration.load(List.of(file), Map.of()).root(false);
    var provider = UpstreamConfig.read(root).providers().getFirst();
    assertThat(root.faults().errors()).isEmpty();
    return provider.additionalParameters();
  }
}
