package latchkey.domain.upstream;

import static latchkey.domain.upstream.SampleClaims.ALICE;
import static latchkey.domain.upstream.SampleClaims.idToken;
import static latchkey.domain.upstream.SampleClaims.read;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import latchkey.domain.upstream.ImportOutcome.Imported;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The published recipes take what their providers send (`configuration.md` 12.4).
class RecipeClaimsTest {
  @ParameterizedTest
  @EnumSource(Recipe.class)
  void the_published_recipes_take_what_their_providers_send(Recipe recipe) {
    var outcome = ImportClaims.handle(recipe.settings(), recipe.claims);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Imported.class,
            imported ->
                assertThat(
                        List.of(
                            imported.subject(),
                            imported.localpart().value().orElse("-"),
                            imported.displayname().value().orElse("-"),
                            imported.email().value().orElse("-"),
                            imported.accountName().orElse("-")))
                    .containsExactly(recipe.expected));
  }

  /// Shapes of `configuration.md` 12.4, with claims as those providers send them.
  @SuppressWarnings("ImmutableEnumChecker")
  enum Recipe {
    KEYCLOAK(idToken(ALICE), "248289761001", "alice", "Alice Smith", "alice@example.com", "-"),
    AZURE(
        idToken(
            Map.of(
                "sub", "AAAA-bb_c",
                "preferred_username", "alice.smith@contoso.example",
                "name", "Alice Smith",
                "email", "alice@contoso.example")),
        "AAAA-bb_c",
        "alice.smith",
        "Alice Smith",
        "alice@contoso.example",
        "-"),
    KANIDM(
        idToken(
            Map.of(
                "sub", "8d0b5a12",
                "preferred_username", "alice@idm.example.org",
                "name", "Alice",
                "email", "alice@idm.example.org")),
        "8d0b5a12",
        "alice",
        "Alice",
        "alice@idm.example.org",
        "-"),
    GITHUB(
        new Claims(
            Optional.empty(),
            Optional.of(Map.of("id", 583231, "login", "octocat", "name", "The Octocat")),
            Map.of()),
        "583231",
        "octocat",
        "The Octocat",
        "-",
        "@octocat"),
    DISCORD(
        new Claims(
            Optional.of(Map.of("sub", "80351110224678912")),
            Optional.of(
                Map.of(
                    "id", "80351110224678912",
                    "username", "nelly",
                    "global_name", "Nelly",
                    "email", "nelly@example.com")),
            Map.of()),
        "80351110224678912",
        "nelly",
        "Nelly",
        "nelly@example.com",
        "-"),
    GITLAB(
        idToken(
            Map.of("sub", "17", "nickname", "alice", "name", "Alice", "email", "a@example.com")),
        "17",
        "alice",
        "Alice",
        "a@example.com",
        "-"),
    APPLE(
        new Claims(
            Optional.of(Map.of("sub", "001234.abcd.0123", "email", "x@privaterelay.example")),
            Optional.empty(),
            Map.of(
                "user",
                "{\"name\":{\"firstName\":\"Alice\",\"lastName\":\"Smith\"},\"email\":\"x@privaterelay.example\"}")),
        "001234.abcd.0123",
        "-",
        "Alice Smith",
        "x@privaterelay.example",
        "-");

    private final Claims claims;
    private final String[] expected;

    Recipe(Claims claims, String... expected) {
      this.claims = claims;
      this.expected = expected;
    }

    private ClaimsImports settings() {
      var file = Path.of("src/test/resources/providers", name().toLowerCase(Locale.ROOT) + ".yaml");
      return read(file);
    }
  }

  /// Apple says the name at the first sign-in only.
  @Test
  void apple_without_a_name_is_done_without() {
    var claims = idToken(Map.of("sub", "001234.abcd.0123", "email", "x@privaterelay.example"));

    var outcome = ImportClaims.handle(Recipe.APPLE.settings(), claims);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Imported.class,
            imported -> {
              assertThat(imported.displayname().value()).isEmpty();
              assertThat(imported.email().value()).contains("x@privaterelay.example");
              assertThat(imported.unfit())
                  .singleElement()
                  .satisfies(
                      unfit ->
                          assertThat(unfit.missing())
                              .containsExactly("extra_callback_parameters.user"));
            });
  }
}
