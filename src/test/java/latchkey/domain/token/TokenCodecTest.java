package latchkey.domain.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TokenCodecTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final UUID SESSION = new UUID(0x0183f985a69e702fL, 0xe99815fd85e7a405L);

  private final TokenCodec codec = new TokenCodec(new TokenKeys(List.of(key(1), key(2))));

  @Test
  void a_token_says_again_what_it_was_made_of() {
    long seed = System.nanoTime();
    var random = new Random(seed);

    for (int i = 0; i < 2000; i++) {
      var content = random(random);
      var token = codec.encode(content, 1 + random.nextInt(2));
      assertThat(codec.read(token.reveal()))
          .as("seed %d", seed)
          .isInstanceOfSatisfying(
              TokenReading.Computed.class,
              computed -> assertThat(computed.content()).isEqualTo(content));
    }
  }

  @Test
  void a_token_has_at_most_96_characters() {
    var largest =
        new TokenContent(
            TokenKind.OAUTH_ACCESS,
            new UUID(-1, -1),
            TokenContent.MAX_GENERATION,
            Instant.ofEpochSecond((1L << 40) - 1),
            null,
            -1,
            TokenContent.MAX_NARROWING);

    var token = codec.encode(largest, 2).reveal();

    assertThat(token).hasSizeLessThanOrEqualTo(96);
    assertThat(codec.read(token))
        .isInstanceOfSatisfying(
            TokenReading.Computed.class,
            computed -> assertThat(computed.content()).isEqualTo(largest));
  }

  @Test
  void the_same_content_gives_the_same_token() {
    assertThat(codec.encode(access(), 1).reveal()).isEqualTo(codec.encode(access(), 1).reveal());
    assertThat(codec.encode(access(), 1).reveal()).isNotEqualTo(codec.encode(access(), 2).reveal());
  }

  @Test
  void no_single_changed_character_passes_even_with_right_check_digits() {
    var token = codec.encode(access(), 1).reveal();
    var alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    for (int i = 4; i < 84; i++) {
      for (int j = 0; j < alphabet.length(); j += 7) {
        var forged = token.substring(0, i) + alphabet.charAt(j) + token.substring(i + 1, 84);
        if (!token.startsWith(forged)) {
          var reading = codec.read(forged + "_" + CheckDigits.of(forged));
          assertThat(reading).isNotInstanceOf(TokenReading.Computed.class);
        }
      }
    }
  }

  @Test
  void a_token_of_one_kind_is_none_of_another() {
    var token = codec.encode(access(), 1).reveal();

    for (var prefix : List.of("mar", "mct", "mcr", "mpt")) {
      var forged = prefix + token.substring(3, 84);
      assertThat(codec.read(forged + "_" + CheckDigits.of(forged)))
          .isInstanceOf(TokenReading.Worthless.class);
    }
  }

  @Test
  void a_token_under_a_key_we_do_not_have_is_not_called_worthless() {
    var other = new TokenCodec(new TokenKeys(List.of(key(7))));

    assertThat(codec.read(other.encode(access(), 7).reveal()))
        .isEqualTo(new TokenReading.UnknownKey(7));
  }

  @Test
  void a_token_under_a_withdrawn_key_is_worthless() {
    var token = codec.encode(access(), 1).reveal();
    var later =
        new TokenCodec(
            new TokenKeys(List.of(new TokenKey(1, key(1).secret(), null, true), key(2))));

    assertThat(later.read(token)).isInstanceOf(TokenReading.Worthless.class);
  }

  @Test
  void a_key_mints_from_its_time_on_and_is_known_before() {
    var later = NOW.plusSeconds(60);
    var next = new TokenKey(2, key(2).secret(), later, false);
    var keys = new TokenKeys(List.of(key(1), next));

    assertThat(minting(keys, NOW)).contains(1);
    assertThat(minting(keys, later.minusMillis(1))).contains(1);
    assertThat(minting(keys, later)).contains(2);
    assertThat(minting(keys, later, 2)).contains(1);
    assertThat(new TokenCodec(keys).read(codec.encode(access(), 2).reveal()))
        .isInstanceOf(TokenReading.Computed.class);
  }

  @Test
  void without_times_the_first_key_that_is_not_withdrawn_mints() {
    var withdrawn = new TokenKey(1, key(1).secret(), null, true);

    assertThat(minting(new TokenKeys(List.of(key(1), key(2))), NOW)).contains(1);
    assertThat(minting(new TokenKeys(List.of(key(1), key(2))), NOW, 1)).contains(2);
    assertThat(minting(new TokenKeys(List.of(withdrawn, key(2))), NOW)).contains(2);
    assertThat(minting(new TokenKeys(List.of(withdrawn, key(2))), NOW, 2)).isEmpty();
  }

  private static Optional<Integer> minting(TokenKeys keys, Instant now, Integer... withdrawn) {
    return keys.minting(now, Set.of(withdrawn)).map(TokenKey::id);
  }

  @Test
  void the_derived_key_follows_from_the_encryption_secret_and_differs_from_it() {
    var secret = key(1).secret();

    assertThat(TokenKey.derived(secret).checkValue())
        .isEqualTo(TokenKey.derived(secret).checkValue())
        .isNotEqualTo(TokenKey.derived(key(2).secret()).checkValue());
    assertThat(TokenKey.derived(secret).secret()).isNotEqualTo(secret);
    assertThat(TokenKey.derived(secret).id()).isEqualTo(1);
  }

  @Test
  void tokens_of_the_service_we_replace_and_of_synapse_are_foreign() {
    for (var token :
        List.of(
            "mat_abcdefghijklmnopqrstuvwxyz0123_ObV8J1",
            "mar_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA_IsX2V3",
            "mpt_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzz_s8nCZ3",
            "mct_latchkeylatchkeylatchkey000002_0cZvf4",
            "mct_latchkeylatchkeylatchkey000602_00ylSe",
            "syt_YWxpY2U_xyz_123456",
            "MDAxY2xvY2F0aW9uIGV4YW1wbGUuY29tCjAwMTM")) {
      assertThat(codec.read(token)).as(token).isInstanceOf(TokenReading.Foreign.class);
    }
    assertThat(codec.read("syr_abc_def_123456"))
        .isEqualTo(new TokenReading.Foreign(TokenKind.COMPAT_REFRESH));
  }

  @Test
  void wrong_check_digits_and_nonsense_are_worthless() {
    for (var token :
        List.of(
            "",
            "_",
            "mat__",
            "mat_abcdefghijklmnopqrstuvwxyz0123_ObV8J2",
            "xyz_abcdefghijklmnopqrstuvwxyz0123_ObV8J1",
            "mat_abc_000000",
            "Bearer x")) {
      assertThat(codec.read(token)).as(token).isInstanceOf(TokenReading.Worthless.class);
    }
  }

  private static TokenContent access() {
    return new TokenContent(
        TokenKind.OAUTH_ACCESS, SESSION, 3, NOW, NOW.plusSeconds(300), 0x1234567890abcdefL, 0);
  }

  private static TokenContent random(Random random) {
    var kind = TokenKind.values()[random.nextInt(TokenKind.values().length)];
    var issued = Instant.ofEpochSecond(random.nextLong(1L << 35));
    return new TokenContent(
        kind,
        new UUID(random.nextLong(), random.nextLong()),
        random.nextLong(TokenContent.MAX_GENERATION),
        issued,
        random.nextBoolean() ? issued.plusSeconds(random.nextInt(100_000)) : null,
        random.nextLong(),
        kind.isAccess() ? random.nextInt(1000) : 0);
  }

  private static TokenKey key(int id) {
    var secret = new byte[32];
    secret[0] = (byte) id;
    return new TokenKey(id, secret, null, false);
  }
}
