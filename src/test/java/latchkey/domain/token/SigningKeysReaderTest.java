package latchkey.domain.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import latchkey.base.config.Configuration;
import latchkey.base.config.Section;
import latchkey.base.crypto.SigningKeys;
import latchkey.world.Certificates;
import latchkey.world.KeyEncoding;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// `secrets.keys_dir` and `secrets.keys`, as an admin writes them.
class SigningKeysReaderTest {
  private static final PrivateKey RSA = KeyEncoding.pair("RSA").getPrivate();
  private static final PrivateKey P256 = KeyEncoding.pair("secp256r1").getPrivate();
  private static final PrivateKey P384 = KeyEncoding.pair("secp384r1").getPrivate();
  private static final PrivateKey K256 = KeyEncoding.pair("secp256k1").getPrivate();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @BeforeEach
  void files() throws IOException {
    write("rsa.pem", KeyEncoding.TRADITIONAL_PEM.encode(RSA, ""));
    write("rsa.der", KeyEncoding.TRADITIONAL_DER.encode(RSA, ""));
    write("p256.pem", KeyEncoding.PKCS8_PEM.encode(P256, ""));
    write("p384.der", KeyEncoding.PKCS8_DER.encode(P384, ""));
    write("locked.pem", KeyEncoding.ENCRYPTED_PKCS8_PEM.encode(K256, "geheim"));
    write("locked.der", KeyEncoding.ENCRYPTED_PKCS8_DER.encode(K256, "geheim\n"));
    write("password", "geheim".getBytes(StandardCharsets.US_ASCII));
    write("password-line", "geheim\n".getBytes(StandardCharsets.US_ASCII));
    write("p521.pem", KeyEncoding.PKCS8_PEM.encode(KeyEncoding.pair("secp521r1").getPrivate(), ""));
    write("ed25519.der", KeyEncoding.pair("Ed25519").getPrivate().getEncoded());
    var pair = KeyEncoding.pair("secp256r1");
    write("public.der", pair.getPublic().getEncoded());
    write(
        "certificate.pem", Certificates.selfSigned("x", pair).getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void keys_come_from_files_in_pem_and_der_and_from_the_text_itself() throws IOException {
    var keys =
        read(
            """
            - {kid: one, key_file: $/rsa.pem}
            - {kid: two, key_file: $/p384.der}
            - kid: three
              key: |
            %s
            - {kid: four, key_file: $/locked.pem, password: geheim}
            """
                .formatted(KeyEncoding.PKCS8_PEM.text(P256, "").indent(4).stripTrailing()));

    assertThat(names(keys)).containsExactly("one", "two", "three", "four");
    assertThat(keys.algorithms()).contains("RS256", "ES256", "ES384", "ES256K");
  }

  @Test
  void a_key_made_by_openssl_loads_under_the_kid_that_is_given() throws Exception {
    // openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256
    var keys =
        read(
            """
            - kid: of-openssl
              key: |
                -----BEGIN PRIVATE KEY-----
                MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgUKDuQgYrzOlg1BZS
                tceDhLBcZ/13bGM8kX/XqYVwJB2hRANCAAR+kmDd9ViR4k9V7eloEeMSlmtFjvAr
                IZKDluoVN0d13DTbfyFSDuRVeiBPHCc03EE2AW2X1so6zGtX8gH6wDff
                -----END PRIVATE KEY-----
            """);

    assertThat(names(keys)).containsExactly("of-openssl");
    assertThat(keys.algorithms()).containsExactly("ES256");
    // As openssl pkey -pubout shows it.
    assertThat(new String(keys.jwks(), StandardCharsets.UTF_8))
        .contains("\"fpJg3fVYkeJPVe3paBHjEpZrRY7wKyGSg5bqFTdHddw\"");
  }

  @Test
  void an_encrypted_key_in_the_text_itself_has_its_password_beside_it() throws IOException {
    var keys =
        read(
            "- key: |\n"
                + KeyEncoding.ENCRYPTED_PKCS8_PEM.text(P256, "geheim").indent(4)
                + "  password_file: $/password\n");

    assertThat(keys.algorithms()).containsExactly("ES256");
  }

  @Test
  void a_newline_at_the_end_of_a_password_file_is_part_of_the_password() throws IOException {
    var keys = read("- {key_file: $/locked.der, password_file: $/password-line}\n");

    assertThat(keys.algorithms()).containsExactly("ES256K");
  }

  @Test
  void a_folder_of_keys_is_read_by_file_name_before_the_list() throws IOException {
    var inFolder = Files.createDirectories(folder.resolve("keys"));
    Files.copy(folder.resolve("rsa.pem"), inFolder.resolve("b"));
    Files.copy(folder.resolve("p384.der"), inFolder.resolve("a"));
    Files.createSymbolicLink(inFolder.resolve("c"), folder.resolve("p256.pem"));
    Files.createDirectories(inFolder.resolve("sub")).resolve("x").toFile().createNewFile();

    var root =
        root("secrets:\n  keys_dir: $/keys\n  keys: [{kid: last, key_file: $/rsa.der}]\n", true);
    var keys = SigningKeysReader.read(root.section("secrets"));

    assertThat(root.faults().errors()).isEmpty();
    var published = published(keys);
    assertThat(published)
        .extracting(key -> key.getKeyType().getValue())
        .containsExactly("EC", "RSA", "EC", "RSA");
    assertThat(published.subList(0, 3))
        .allSatisfy(
            key -> assertThat(key.getKeyID()).isEqualTo(key.computeThumbprint().toString()));
    assertThat(published.getLast().getKeyID()).isEqualTo("last");
  }

  static Stream<Arguments> faults() {
    var keys = "secrets:\n  keys:\n    - ";
    return Stream.of(
        arguments(keys + "{kid: a}", "keys[0].key", "is missing; give it or key_file"),
        arguments(keys + "{key: x, key_file: y}", "keys[0].key", "not both"),
        arguments(
            keys + "{key: MIIEvQ}", "keys[0].key", "a PEM text is expected here; give key_file"),
        arguments(keys + "{key_file: $/nowhere}", "keys[0].key_file", "nowhere cannot be read"),
        arguments(keys + "{key_file: $/password}", "keys[0].key_file", "neither PEM nor DER"),
        arguments(
            keys + "{key_file: $/p521.pem}",
            "keys[0].key_file",
            "is of the kind P-521; an RSA, P-256"),
        arguments(
            keys + "{key_file: $/ed25519.der}",
            "keys[0].key_file",
            "is of the kind Ed25519; an RSA"),
        arguments(
            keys + "{key_file: $/public.der}", "keys[0].key_file", "is a public key; a private"),
        arguments(keys + "{key_file: $/certificate.pem}", "keys[0].key_file", "is a certificate"),
        arguments(
            keys + "{key_file: $/locked.pem}",
            "keys[0].key_file",
            "is encrypted, and there is no password"),
        arguments(
            keys + "{key_file: $/rsa.pem, password: x}",
            "keys[0].key_file",
            "is not encrypted, although"),
        arguments(
            keys + "{key_file: $/locked.der, password: x}",
            "keys[0].password",
            "must decrypt the key"),
        arguments(
            keys + "{key_file: $/locked.pem, password_file: $/password-line}",
            "keys[0].password_file",
            "must decrypt the key; it ends in a newline"),
        arguments(
            keys + "{key_file: $/locked.pem, password: a, password_file: b}",
            "keys[0].password",
            "not both"),
        arguments(
            keys + "{kid: a, key_file: $/p256.pem}\n    - {kid: a, key_file: $/other.pem}",
            "keys[1].kid",
            "there is one with the id a already"),
        arguments("secrets:\n  keys_dir: $/nowhere", "keys_dir", "nowhere cannot be read"),
        arguments("secrets:\n  keys_dir: $/bad", "keys_dir", "/bad/x is a certificate"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void a_key_that_cannot_be_used_is_told_with_its_place_and_what_would_be_right(
      String text, String path, String problem) throws IOException {
    write(
        "other.pem", KeyEncoding.PKCS8_PEM.encode(KeyEncoding.pair("secp256r1").getPrivate(), ""));
    Files.createDirectories(folder.resolve("bad"));
    Files.copy(folder.resolve("certificate.pem"), folder.resolve("bad/x"));

    var root = root(text, true);
    SigningKeysReader.read(root.section("secrets"));

    assertThat(root.faults().errors())
        .anySatisfy(
            fault -> {
              assertThat(fault.path()).isEqualTo("secrets." + path);
              assertThat(fault.problem()).contains(problem);
            });
  }

  @Test
  void two_keys_of_different_types_may_share_a_name_and_one_key_may_be_given_twice()
      throws IOException {
    var keys =
        read(
            """
            - {kid: a, key_file: $/p256.pem}
            - {kid: a, key_file: $/rsa.pem}
            - {kid: a, key_file: $/rsa.der}
            """);

    assertThat(names(keys)).containsExactly("a", "a");
  }

  @Test
  void checking_opens_no_file_but_judges_what_is_written_there() throws IOException {
    var shut =
        root(
            """
            secrets:
              keys_dir: $/nowhere
              keys:
                - {key_file: $/nowhere}
                - {key_file: $/p521.pem}
                - {key: nonsense}
            """,
            false);

    SigningKeysReader.read(shut.section("secrets"));

    assertThat(shut.faults().errors())
        .singleElement()
        .satisfies(fault -> assertThat(fault.path()).isEqualTo("secrets.keys[2].key"));
  }

  /// Reads a list of keys that has no fault.
  private SigningKeys read(String list) throws IOException {
    var root = root("secrets:\n  keys:\n" + list.indent(4), true);
    var keys = SigningKeysReader.read(root.section("secrets"));
    assertThat(root.faults().errors()).isEmpty();
    assertThat(root.faults().warnings())
        .noneMatch(warning -> warning.problem().contains("unknown"));
    return keys;
  }

  private Section root(String text, boolean openFiles) throws IOException {
    var file = Files.writeString(folder.resolve("f.yaml"), text.replace("$", folder.toString()));
    return Configuration.load(List.of(file), Map.of()).root(openFiles);
  }

  private void write(String name, byte[] content) throws IOException {
    Files.write(folder.resolve(name), content);
  }

  private static List<String> names(SigningKeys keys) {
    return published(keys).stream().map(JWK::getKeyID).toList();
  }

  private static List<JWK> published(SigningKeys keys) {
    try {
      return JWKSet.parse(new String(keys.jwks(), StandardCharsets.UTF_8)).getKeys();
    } catch (ParseException e) {
      throw new IllegalStateException(e);
    }
  }
}
