package latchkey.domain.token;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import latchkey.base.config.Section;
import org.jspecify.annotations.Nullable;

/// How long tokens live, and the section `latchkey` as far as it concerns them (`docs/tokens.md`).
///
/// @param accessTokenTtl `experimental.access_token_ttl`
/// @param tokenKeys `latchkey.token_keys`; empty to derive one from `secrets.encryption`
/// @param leeway how long after a rotation the token before is still answered although its
///   successor is in use
/// @param settling how long a delayed copy from the network that rotated is told to come back
/// @param endOnSuspicion whether a session ends when somebody elsewhere keeps asking for its tokens
/// @param staleIfError how long last known answers are given while the database is away
public record TokensConfig(
    Duration accessTokenTtl,
    List<TokenKey> tokenKeys,
    Duration leeway,
    Duration settling,
    boolean endOnSuspicion,
    Duration staleIfError) {
  private static final int MIN_KEY_LENGTH = 32;

  public TokensConfig {
    tokenKeys = List.copyOf(tokenKeys);
  }

  public static TokensConfig read(Section root) {
    var experimental = root.section("experimental");
    var ttl = Duration.ofSeconds(experimental.integer("access_token_ttl", 300, 1, 31_536_000));
    var latchkey = root.section("latchkey");
    var refresh = latchkey.section("refresh");
    var introspection = latchkey.section("introspection");
    var config =
        new TokensConfig(
            ttl,
            keys(latchkey),
            Duration.ofSeconds(refresh.integer("leeway", 30, 0, 3600)),
            Duration.ofSeconds(refresh.integer("settling", 180, 0, 86_400)),
            refresh.oneOf("on_suspicion", "tell", "end").orElse("tell").equals("end"),
            Duration.ofSeconds(introspection.integer("stale_if_error", 600, 0, 86_400)));
    latchkey.ignore("database", "policy");
    List.of(latchkey, refresh, introspection).forEach(Section::warnOfUnknown);
    return config;
  }

  private static List<TokenKey> keys(Section latchkey) {
    var keys = new ArrayList<TokenKey>();
    for (var section : latchkey.sections("token_keys")) {
      int id = (int) section.requireInteger("id", 1, TokenKey.MAX_ID);
      var secret = section.requireSecret("secret", true);
      if (secret.bytes().length < MIN_KEY_LENGTH
          && (latchkey.opensFiles() || section.has("secret"))) {
        section.fault("secret", "at least 32 characters of chance are needed");
      }
      if (keys.stream().anyMatch(key -> key.id() == id)) {
        section.fault("id", "two token keys have the id " + id);
      } else {
        keys.add(
            new TokenKey(id, secret.bytes(), mintFrom(section), section.bool("withdrawn", false)));
      }
      section.warnOfUnknown();
    }
    if (!keys.isEmpty() && keys.stream().allMatch(TokenKey::withdrawn)) {
      latchkey.fault("token_keys", "at least one key must not be withdrawn");
    }
    return keys;
  }

  private static @Nullable Instant mintFrom(Section section) {
    var text = section.string("mint_from");
    try {
      return text.map(Instant::parse).orElse(null);
    } catch (DateTimeParseException e) {
      section.fault("mint_from", "a time such as 2026-01-31T12:00:00Z is expected");
      return null;
    }
  }
}
