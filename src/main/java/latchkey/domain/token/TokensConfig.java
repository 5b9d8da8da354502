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

/// How long tokens live, and the section `latchkey` as far as it concerns them (`docs/tokens.md`).
///
/// @param accessTokenTtl `experimental.access_token_ttl`
/// @param compatTokenTtl `experimental.compat_token_ttl`
/// @param tokenKeys `latchkey.token_keys`; empty to derive one from `secrets.encryption`
/// @param leeway how long after a rotation the token before is still answered although its
///   successor is in use
/// @param settling how long a delayed copy from the network that rotated is told to come back
/// @param endOnSuspicion whether a session ends when somebody elsewhere keeps asking for its tokens
/// @param staleIfError how long last known answers are given while the database is away
public record TokensConfig(
    Duration accessTokenTtl,
    Duration compatTokenTtl,
    List<TokenKey> tokenKeys,
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

  private enum OnSuspicion {
    TELL,
    END
  }

  public TokensConfig {
    tokenKeys = List.copyOf(tokenKeys);
  }

  public static TokensConfig read(Section root) {
    var experimental = root.section("experimental").later("compat_token_ttl");
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

  private static List<TokenKey> keys(Section latchkey) {
    var keys = new ArrayList<TokenKey>();
    var ids = new HashSet<Integer>();
    for (var section : latchkey.sections("token_keys")) {
      int id = (int) section.requireInteger("id", 1, TokenKey.MAX_ID);
      var secret = section.requireSecret("secret", true).bytes();
      boolean unread = section.has("secret_file") && !section.opensFiles();
      boolean missing = !section.has("secret") && !section.has("secret_file");
      section.rule(
          "secret",
          unread || missing || secret.length >= MIN_KEY_LENGTH,
          "at least 32 characters of chance are needed");
      section.rule("id", ids.add(id), "an id is used once");
      var mintFrom = section.value("mint_from", TIME).orElse(null);
      keys.add(new TokenKey(id, secret, mintFrom, section.bool("withdrawn", false)));
    }
    latchkey.rule(
        "token_keys",
        keys.isEmpty() || !keys.stream().allMatch(TokenKey::withdrawn),
        "at least one key must not be withdrawn");
    return keys;
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
