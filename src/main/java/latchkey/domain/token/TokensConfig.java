package latchkey.domain.token;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import latchkey.base.config.Kind;
import latchkey.base.config.Section;
import latchkey.base.crypto.Secret;
import latchkey.domain.session.SessionKind;
import org.jspecify.annotations.Nullable;

/// How long tokens live, and the section `latchkey` as far as it concerns them (`docs/tokens.md`).
///
/// @param accessTokenTtl `experimental.access_token_ttl`
/// @param compatTokenTtl `experimental.compat_token_ttl`
/// @param tokenKeys `latchkey.token_keys`; empty for the one that is derived from
///   `secrets.encryption`
/// @param leeway how long after a rotation the token before is still answered although its
///   successor is in use
/// @param settling how long a delayed copy from the network that rotated is told to come back
/// @param endOnSuspicion whether a session ends when somebody elsewhere keeps asking for its tokens
/// @param staleIfError how long last known answers are given while the database is away
public record TokensConfig(
    Duration accessTokenTtl,
    Duration compatTokenTtl,
    List<ListedKey> tokenKeys,
    Duration leeway,
    Duration settling,
    boolean endOnSuspicion,
    Duration staleIfError) {
  private static final int MIN_KEY_LENGTH = 32;
  private static final int MAX_TTL = 31_536_000;

  private static final Kind<Instant> TIME =
      Kind.texts(
          "time",
          "a time such as 2026-01-31T12:00:00Z is expected",
          "2026-01-31T12:00:00Z",
          TokensConfig::time);

  /// An entry of the list.
  ///
  /// @param derived whether it stands for the key that is derived from `secrets.encryption`
  /// @param secret empty for that one, and for a withdrawn one whose secret is lost
  public record ListedKey(
      int id,
      boolean derived,
      Optional<Secret> secret,
      @Nullable Instant mintFrom,
      boolean withdrawn) {
    private TokenKey key(byte[] encryption) {
      var bytes =
          derived
              ? TokenKey.derived(encryption).secret()
              : secret.map(Secret::bytes).orElse(new byte[0]);
      return new TokenKey(id, bytes, mintFrom, withdrawn);
    }
  }

  private enum OnSuspicion {
    TELL,
    END
  }

  public TokensConfig {
    tokenKeys = List.copyOf(tokenKeys);
  }

  /// The keys to compute tokens with.
  ///
  /// @param encryption `secrets.encryption`
  public List<TokenKey> keys(byte[] encryption) {
    return tokenKeys.isEmpty()
        ? List.of(TokenKey.derived(encryption))
        : tokenKeys.stream().map(listed -> listed.key(encryption)).toList();
  }

  public static TokensConfig read(Section root) {
    var experimental = root.section("experimental");
    var latchkey = root.section("latchkey");
    var refresh = latchkey.section("refresh");
    return new TokensConfig(
        experimental.seconds("access_token_ttl", 300, 1, MAX_TTL),
        experimental.seconds("compat_token_ttl", 300, 1, MAX_TTL),
        keys(latchkey),
        refresh.seconds("leeway", 30, 0, 3600),
        refresh.seconds("settling", 180, 0, 86_400),
        refresh.choice("on_suspicion", OnSuspicion.TELL) == OnSuspicion.END,
        latchkey.section("introspection").seconds("stale_if_error", 600, 0, 86_400));
  }

  /// How long an access token of a session that refreshes lives.
  public Duration ttl(SessionKind session) {
    return session == SessionKind.COMPAT ? compatTokenTtl : accessTokenTtl;
  }

  private static List<ListedKey> keys(Section latchkey) {
    var keys = new ArrayList<ListedKey>();
    var ids = new HashSet<Integer>();
    for (var section : latchkey.sections("token_keys")) {
      int id = (int) section.requireInteger("id", 1, TokenKey.MAX_ID);
      boolean derived = section.bool("derived", false);
      boolean withdrawn = section.bool("withdrawn", false);
      var secret = derived ? noSecret(section, id) : secret(section, withdrawn);
      section.rule("id", ids.add(id), "an id is used once");
      var mintFrom = section.value("mint_from", TIME).orElse(null);
      keys.add(new ListedKey(id, derived, secret, mintFrom, withdrawn));
    }
    latchkey.rule(
        "token_keys",
        keys.isEmpty() || !keys.stream().allMatch(ListedKey::withdrawn),
        "at least one key must not be withdrawn");
    return keys;
  }

  /// Of a withdrawn key it may be lost: no token under it is read any more.
  private static Optional<Secret> secret(Section section, boolean withdrawn) {
    var secret =
        withdrawn
            ? section.secret("secret", true)
            : Optional.of(section.requireSecret("secret", true));
    boolean unread = section.has("secret_file") && !section.opensFiles();
    boolean missing = !section.has("secret") && !section.has("secret_file");
    section.rule(
        "secret",
        unread || missing || secret.filter(key -> key.bytes().length >= MIN_KEY_LENGTH).isPresent(),
        "at least 32 characters of chance are needed");
    return secret;
  }

  private static Optional<Secret> noSecret(Section section, int id) {
    section.rule(
        "derived",
        !section.has("secret") && !section.has("secret_file"),
        "the derived key has no secret of its own");
    section.rule(
        "derived", id == TokenKey.DERIVED_ID, "the derived key has the id " + TokenKey.DERIVED_ID);
    return Optional.empty();
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
