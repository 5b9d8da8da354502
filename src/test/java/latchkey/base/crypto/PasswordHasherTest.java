package latchkey.base.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import latchkey.base.crypto.PasswordHasher.HashedPassword;
import latchkey.base.crypto.PasswordHasher.Verdict;
import latchkey.base.crypto.PasswordScheme.Algorithm;
import latchkey.base.error.DomainProblem;
import latchkey.base.system.Randomness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Hashes made by other programs (argon2-cffi, bcrypt and hashlib of Python) with the parameters of
/// the service we replace.
@Tag("slow")
class PasswordHasherTest {
  private static final Secret PASSWORD = Secret.of("Passwort mit Ümlaut");

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "ARGON2ID none $argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$MlPTZBTlEk9TssI3DkKiEzgaKev06lKsUohhemQkSWs",
        "ARGON2ID newline $argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$v2/n3hg9Hfqcyi1VKUL2te0l3Byxplk4H2AasO7L1pY",
        "BCRYPT pepper $2b$04$abcdefghijklmnopqrstuuDNdc5vbwCC644lRdWvwlKarT9wuG8A2",
        "BCRYPT pepper $2a$04$abcdefghijklmnopqrstuuDNdc5vbwCC644lRdWvwlKarT9wuG8A2",
        "BCRYPT pepper $2y$04$abcdefghijklmnopqrstuuDNdc5vbwCC644lRdWvwlKarT9wuG8A2",
        "BCRYPT pepper $2x$04$abcdefghijklmnopqrstuuDNdc5vbwCC644lRdWvwlKarT9wuG8A2",
        "PBKDF2 pepper $pbkdf2-sha256$i=1000,l=32$AAECAwQFBgcICQoLDA0ODw$Q/cmtiZyzLNU4f+rhWO8I8oU+97HmYMuE5pBbAwnTzQ",
        "PBKDF2 pepper $pbkdf2-sha512$i=1000,l=32$AAECAwQFBgcICQoLDA0ODw$gJ2TnzdOXt4N1S8aqg0Zv9owcSBsALtJcT8/kTHecZs"
      })
  void a_hash_of_another_program_verifies(Algorithm algorithm, String pepper, String hash) {
    try (var hasher = hasher(scheme(1, algorithm, pepper))) {
      var stored = new HashedPassword(1, hash);

      assertThat(hasher.verify(PASSWORD, stored)).isEqualTo(new Verdict.Match(false));
      assertThat(hasher.verify(Secret.of("Passwort mit Umlaut"), stored))
          .isEqualTo(new Verdict.Mismatch());
    }
    try (var otherPepper = hasher(scheme(1, algorithm, "other"))) {
      assertThat(otherPepper.verify(PASSWORD, new HashedPassword(1, hash)))
          .isEqualTo(new Verdict.Mismatch());
    }
  }

  @Test
  void the_native_argon2_and_the_other_one_make_the_same_hash() {
    var salt = new byte[Argon2id.SALT];
    var pepper = bytes("pfeffer");

    var best = Argon2id.bestAvailable();

    assertThat(best.isNative()).isTrue();
    assertThat(best.hash(bytes("x"), salt, pepper))
        .isEqualTo(Argon2id.bouncyCastle().hash(bytes("x"), salt, pepper));
  }

  @Test
  void new_hashes_have_the_parameters_of_the_service_we_replace() {
    try (var argon2 = hasher(scheme(2, Algorithm.ARGON2ID, "none"));
        var bcrypt = hasher(scheme(2, Algorithm.BCRYPT, "pepper"));
        var pbkdf2 = hasher(scheme(2, Algorithm.PBKDF2, "pepper"))) {
      assertThat(argon2.hash(PASSWORD).hash()).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
      assertThat(bcrypt.hash(PASSWORD).hash()).startsWith("$2b$04$");
      assertThat(pbkdf2.hash(PASSWORD).hash()).startsWith("$pbkdf2-sha256$i=600000,l=32$");
      assertThat(bcrypt.verify(PASSWORD, bcrypt.hash(PASSWORD)))
          .isEqualTo(new Verdict.Match(false));
    }
  }

  @Test
  void an_older_scheme_still_proves_and_says_that_it_is_outdated() {
    var old = scheme(1, Algorithm.BCRYPT, "pepper");
    try (var before = hasher(old);
        var after = hasher(old, scheme(2, Algorithm.ARGON2ID, "none"))) {
      var stored = before.hash(PASSWORD);

      assertThat(after.verify(PASSWORD, stored)).isEqualTo(new Verdict.Match(true));
      assertThat(after.hash(PASSWORD).version()).isEqualTo(2);
    }
  }

  @Test
  void with_normalization_two_spellings_of_a_letter_are_one() {
    var scheme = new PasswordScheme(1, Algorithm.BCRYPT, 4, null, true);
    try (var hasher = hasher(scheme)) {
      var stored = hasher.hash(Secret.of("\u00fc"));

      assertThat(hasher.verify(Secret.of("u\u0308"), stored)).isEqualTo(new Verdict.Match(false));
    }
  }

  @Test
  void bytes_beyond_the_seventy_second_do_not_count_for_bcrypt() {
    try (var hasher = hasher(scheme(1, Algorithm.BCRYPT, "none"))) {
      var stored = hasher.hash(Secret.of("x".repeat(72) + "a"));

      assertThat(hasher.verify(Secret.of("x".repeat(72) + "b"), stored))
          .isEqualTo(new Verdict.Match(false));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "ARGON2ID $argon2id$v=19$m=99999999,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$AAAA",
        "ARGON2ID nonsense",
        "BCRYPT $2b$31$abcdefghijklmnopqrstuuDNdc5vbwCC644lRdWvwlKarT9wuG8A2",
        "PBKDF2 $pbkdf2-sha256$i=99999999,l=32$AAECAwQFBgcICQoLDA0ODw$AAAA"
      })
  void a_hash_that_asks_for_too_much_or_is_none_is_not_computed(Algorithm algorithm, String hash) {
    try (var hasher = hasher(scheme(1, algorithm, "none"))) {
      assertThat(hasher.verify(PASSWORD, new HashedPassword(1, hash)))
          .isEqualTo(new Verdict.Unreadable());
    }
  }

  @Test
  void a_crowd_waits_in_a_bounded_queue_and_the_rest_is_told_to_come_back() throws Exception {
    try (var hasher = hasher(scheme(1, Algorithm.ARGON2ID, "none"));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var logins = new ArrayList<Callable<HashedPassword>>();
      for (int i = 0; i < 200; i++) {
        logins.add(() -> hasher.hash(PASSWORD));
      }

      int hashed = 0;
      int refused = 0;
      for (var login : threads.invokeAll(logins)) {
        try {
          login.get();
          hashed++;
        } catch (ExecutionException e) {
          assertThat(e.getCause()).isInstanceOf(DomainProblem.class);
          assertThat(((DomainProblem) e.getCause()).status()).isEqualTo(503);
          refused++;
        }
      }

      assertThat(hashed).isGreaterThanOrEqualTo(64);
      assertThat(refused).isGreaterThan(0);
    }
  }

  @Test
  void nothing_secret_is_printed() {
    var hashed = new HashedPassword(1, "$argon2id$secret");

    assertThat(hashed.toString()).doesNotContain("secret");
    assertThat(scheme(1, Algorithm.BCRYPT, "pepper").toString()).doesNotContain("pfeffer");
    assertThatThrownBy(() -> new Encryption(new byte[31], new Randomness()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static PasswordScheme scheme(int version, Algorithm algorithm, String pepper) {
    byte @Nullable [] bytes =
        switch (pepper) {
          case "pepper" -> bytes("pfeffer");
          case "newline" -> bytes("pfeffer\n");
          case "other" -> bytes("salz");
          default -> null;
        };
    return new PasswordScheme(version, algorithm, 4, bytes, false);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static PasswordHasher hasher(PasswordScheme... schemes) {
    return new PasswordHasher(List.of(schemes), new Randomness());
  }
}
