package latchkey.base.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import latchkey.base.system.Randomness;
import org.junit.jupiter.api.Test;

/// What another program sealed by the rules of the service we replace (`pages.md` 1.2,
/// `configuration.md` 8) opens here.
class EncryptionTest {
  private static final String SESSION = "{\"current\":\"01KB0000000000000000000001\"}";

  private final Encryption encryption = new Encryption(key(), new Randomness());

  @Test
  void a_cookie_of_the_service_we_replace_opens() {
    var cookie =
        "ZGVmZ2hpamtsbW5vs4YBFyTOsZUjCdkZswT9uhijLTKa5SifO6JxTrYFxvro0VZ/SnbirtdfBiN5r7Ehu0lfIVDzSls=";

    assertThat(encryption.openCookie("session", cookie)).contains(SESSION);
  }

  @Test
  void a_secret_of_its_database_decrypts() {
    assertThat(encryption.decrypt("ZGVmZ2hpamtsbW5vU3TTr/HI7Bnj9fKlznQZsiK7nZG1gA==").reveal())
        .isEqualTo("geheim");
  }

  @Test
  void what_is_sealed_opens_again_under_its_name_only_and_never_looks_the_same() {
    var sealed = encryption.sealCookie("session", SESSION);

    assertThat(encryption.openCookie("session", sealed)).contains(SESSION);
    assertThat(encryption.openCookie("csrf", sealed)).isEmpty();
    assertThat(encryption.sealCookie("session", SESSION)).isNotEqualTo(sealed);
  }

  @Test
  void a_changed_cookie_and_nonsense_count_as_absent() {
    var sealed = encryption.sealCookie("session", SESSION);
    var changed = (sealed.charAt(20) == 'A' ? 'B' : 'A') + sealed.substring(21);

    for (var cookie : new String[] {sealed.substring(0, 20) + changed, "", "AAAA", "%%%"}) {
      assertThat(encryption.openCookie("session", cookie)).isEmpty();
    }
  }

  @Test
  void another_key_decrypts_nothing() {
    var encrypted = encryption.encrypt(Secret.of("geheim"));
    var other = new Encryption(new byte[32], new Randomness());

    assertThat(encryption.decrypt(encrypted).reveal()).isEqualTo("geheim");
    assertThatThrownBy(() -> other.decrypt(encrypted)).isInstanceOf(IllegalStateException.class);
  }

  private static byte[] key() {
    var key = new byte[32];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) i;
    }
    return key;
  }
}
