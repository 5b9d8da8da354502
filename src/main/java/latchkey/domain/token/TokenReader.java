package latchkey.domain.token;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.Optional;
import latchkey.base.crypto.Secret;
import latchkey.domain.token.ForeignTokenRepository.ForeignToken;

/// Reads any token, ours or foreign. One under a key that was withdrawn anywhere is no token any
/// more.
@Singleton
public class TokenReader {
  /// A token under a key this server was not given. It may be genuine, so its holder is told to
  /// come back.
  public static final class UnknownKey extends Exception {
    UnknownKey(int id) {
      super("a token under the unknown key " + id, null, false, false);
    }
  }

  private final TokenCodec codec;
  private final WithdrawnKeys withdrawnKeys;
  private final ForeignTokenRepository foreignTokens;

  TokenReader(TokenCodec codec, WithdrawnKeys withdrawnKeys, ForeignTokenRepository foreignTokens) {
    this.codec = codec;
    this.withdrawnKeys = withdrawnKeys;
    this.foreignTokens = foreignTokens;
  }

  /// What the token says; empty if it is no token of this house. Warm, only a foreign token asks
  /// the database.
  public Optional<KnownToken> read(Secret token) throws SQLException, UnknownKey {
    return switch (codec.read(token.reveal())) {
      case TokenReading.Computed(var content, var key) ->
          withdrawnKeys.has(key) ? Optional.empty() : Optional.of(known(content));
      case TokenReading.Foreign(var kind) -> known(kind, foreignTokens.find(token));
      case TokenReading.UnknownKey(var key) -> {
        if (withdrawnKeys.has(key)) {
          yield Optional.empty();
        }
        throw new UnknownKey(key);
      }
      case TokenReading.Worthless _ -> Optional.empty();
    };
  }

  /// The same where nobody has to be asked: tokens of ours, and foreign ones that are remembered.
  /// Empty for all others, and for what is no token.
  Optional<KnownToken> recall(Secret token) {
    return switch (codec.read(token.reveal())) {
      case TokenReading.Computed(var content, var key) ->
          withdrawnKeys.isKnownNotToHave(key) ? Optional.of(known(content)) : Optional.empty();
      case TokenReading.Foreign(var kind) -> known(kind, foreignTokens.recall(token));
      case TokenReading.UnknownKey _, TokenReading.Worthless _ -> Optional.empty();
    };
  }

  private static Optional<KnownToken> known(TokenKind kind, Optional<ForeignToken> found) {
    return found
        .filter(foreign -> foreign.kind() == kind)
        .map(
            foreign ->
                new KnownToken(
                    kind,
                    foreign.session(),
                    foreign.generation(),
                    foreign.issuedAt(),
                    foreign.expiresAt(),
                    null,
                    0));
  }

  private static KnownToken known(TokenContent content) {
    return new KnownToken(
        content.kind(),
        content.session(),
        content.generation(),
        content.issuedAt(),
        content.expiresAt(),
        content.nonce(),
        content.narrowing());
  }
}
