package latchkey.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The files of `deploy/` for reverse proxies route alike, and as the doctor advises.
class ProxyFilesTest {
  private static final String METADATA =
      "^/_matrix/client/(v1|unstable/org\\.matrix\\.msc2965)/auth_metadata$";
  private static final String LEGACY =
      "^/_matrix/client/[^/]+/(login|login/.*|logout|logout/all|refresh)$";
  private static final String HOMESERVER =
      "^(/_matrix|/_synapse/client|/\\.well-known/matrix/client$)";
  private static final String AS_SPELLED =
      "(/_matrix|/_synapse/client|/\\.well-known/matrix/client)";

  @ParameterizedTest
  @ValueSource(strings = {"nginx.conf", "Caddyfile", "traefik.yaml", "apache.conf"})
  void each_sends_the_same_paths_to_the_same_place(String file) throws IOException {
    var text = Files.readString(Path.of("deploy", file));

    assertThat(text).contains(METADATA, HOMESERVER, "auth.example.com", "matrix.example.com");
    if (file.equals("nginx.conf")) {
      // Attempts are limited, so login stands apart.
      assertThat(text)
          .contains(
              "^/_matrix/client/[^/]+/login$",
              "^/_matrix/client/[^/]+/(login/.*|logout|logout/all|refresh)$");
    } else {
      assertThat(text).contains(LEGACY);
    }
  }

  /// Traefik hands on the path that it chose by.
  @ParameterizedTest
  @ValueSource(strings = {"nginx.conf", "Caddyfile", "apache.conf"})
  void each_that_passes_on_what_came_looks_at_it_too(String file) throws IOException {
    assertThat(Files.readString(Path.of("deploy", file))).contains(AS_SPELLED);
  }

  @Test
  void the_doctor_advises_the_same() {
    for (var rule : List.of(METADATA, LEGACY)) {
      var advice = rule.equals(LEGACY) ? ProxyAdvice.LEGACY : ProxyAdvice.METADATA;
      for (var proxy : List.of("nginx: ", "Caddy: ", "Traefik: ", "Apache: ")) {
        assertThat(advice)
            .filteredOn(line -> line.startsWith(proxy))
            .singleElement()
            .asString()
            .contains(rule);
      }
    }
  }

  @Test
  void the_rule_for_the_old_login_takes_what_is_ours_and_nothing_else() {
    var rule = Pattern.compile(LEGACY);

    for (var ours :
        List.of(
            "v3/login", "r0/login/sso/redirect/01A", "v3/logout", "v3/logout/all", "v1/refresh")) {
      assertThat("/_matrix/client/" + ours).matches(rule);
    }
    for (var others :
        List.of(
            "v3/rooms/!a:b/state/login",
            "v3/loginx",
            "v3/register",
            "v3/sync/logout",
            "v3/x/refresh")) {
      assertThat("/_matrix/client/" + others).doesNotMatch(rule);
    }
  }
}
