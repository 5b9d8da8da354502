package latchkey.domain.token.history;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which text means which token. One meaning has one text and the other way round: a repeat is the
/// same to the byte, and nothing else is.
final class Vocabulary {
  private final Map<Token, String> texts = new HashMap<>();
  private final Map<String, Token> meanings = new HashMap<>();

  void learn(Token token, String text) {
    var known = texts.putIfAbsent(token, text);
    Invariants.check(known == null || known.equals(text), "two spellings of " + token);
    var before = meanings.putIfAbsent(text, token);
    Invariants.check(
        before == null || before.equals(token), "one spelling of " + before + " and " + token);
  }

  boolean knows(String text) {
    return meanings.containsKey(text);
  }

  Token meaning(String text) {
    var token = meanings.get(text);
    if (token == null) {
      throw new IllegalStateException("nobody ever issued that token");
    }
    return token;
  }

  List<String> all() {
    return List.copyOf(meanings.keySet());
  }
}
