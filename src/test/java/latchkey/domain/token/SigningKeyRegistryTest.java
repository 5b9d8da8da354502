package latchkey.domain.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import latchkey.TestDatabase;
import latchkey.base.crypto.PrivateKeys;
import latchkey.base.crypto.SigningKey;
import latchkey.base.crypto.SigningKeys;
import latchkey.world.KeyEncoding;
import latchkey.world.Logs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SigningKeyRegistryTest {
  private static final Instant START = Instant.parse("2026-11-26T12:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);
  private static final SigningKey OLD = key("old");
  private static final SigningKey NEW = key("new");
  private static final SigningKey NEWER = key("newer");

  private DataSource database;

  @BeforeEach
  void a_server_ran_with_one_key() throws Exception {
    database = TestDatabase.fresh();
    assertThat(signer(START, DAY, OLD)).isEqualTo("old");
  }

  @Test
  void a_new_key_is_published_at_once_and_signs_a_day_later_on_every_replica() throws Exception {
    var keys = start(START, DAY, OLD, NEW);

    assertThat(new String(keys.jwks(), StandardCharsets.UTF_8)).contains("\"old\"", "\"new\"");
    assertThat(kid(keys)).isEqualTo("old");
    var almost = START.plus(DAY).minusSeconds(1);
    assertThat(signer(almost, DAY, OLD, NEW)).isEqualTo("old");
    assertThat(signer(almost.plusSeconds(1), DAY, OLD, NEW)).isEqualTo("new");
  }

  @Test
  void when_it_will_sign_is_said() throws Exception {
    try (var logs = Logs.of(SigningKeyRegistry.class)) {
      start(START, DAY, OLD, NEW);

      assertThat(logs.texts())
          .singleElement()
          .asString()
          .contains("signing key new is published", "2026-11-27T12:00:00Z");
    }
  }

  @Test
  void a_key_that_nothing_else_can_stand_in_for_signs_at_once() throws Exception {
    assertThat(signer(START, DAY, NEW)).isEqualTo("new");
    assertThat(signer(START, DAY, NEW, NEWER)).isEqualTo("newer");
  }

  @Test
  void without_notice_the_last_key_signs_at_once() throws Exception {
    assertThat(signer(START, Duration.ZERO, OLD, NEW)).isEqualTo("new");
  }

  @Test
  void one_of_the_first_start_that_comes_back_has_nothing_to_wait_for() throws Exception {
    start(START, DAY, OLD, NEW);

    assertThat(signer(START, DAY, NEW, OLD)).isEqualTo("old");
  }

  private String signer(Instant now, Duration publishBefore, SigningKey... keys) throws Exception {
    return kid(start(now, publishBefore, keys));
  }

  private SigningKeys start(Instant now, Duration publishBefore, SigningKey... list)
      throws SQLException {
    var keys = new SigningKeys(Stream.of(list).toList());
    var config = new SecretsConfig(new byte[32], keys, publishBefore);
    new SigningKeyRegistry(
            keys, config, new SigningKeyRepository(database), Clock.fixed(now, ZoneOffset.UTC))
        .reconcile();
    return keys;
  }

  private static String kid(SigningKeys keys) throws Exception {
    return SignedJWT.parse(keys.sign("ES256", Map.of())).getHeader().getKeyID();
  }

  private static SigningKey key(String kid) {
    try {
      return SigningKey.of(kid, KeyEncoding.pair("secp256r1").getPrivate());
    } catch (PrivateKeys.Unreadable e) {
      throw new AssertionError(e);
    }
  }
}
