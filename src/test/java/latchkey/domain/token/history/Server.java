package latchkey.domain.token.history;

/// What a history is played against: replicas over one database, with one session in it.
public interface Server extends AutoCloseable {
  /// What the client holds at the beginning, in text and in meaning.
  Held first();

  /// What a token of [#first()] says.
  Token meaning(String token);

  /// When it begins.
  long start();

  /// What a replica was started with.
  Keys keys(int replica);

  void time(long now);

  Reply refresh(int replica, String token, Proof proof, Who who);

  Worth use(int replica, String token, boolean atUserinfo);

  /// The generation a refresh token says it is of.
  long generation(String refreshToken);

  /// A token that is almost this one, and must not pass.
  String forge(Forgery forgery, String token);

  void flush(int replica);

  void crash(int replica);

  void configure(int replica, Keys keys);

  void lock(boolean locked);

  void deactivate();

  void revoke(int replica, String token);

  /// Remembers the row as it is now.
  void backUp();

  void restore(int backup);

  void vanish();

  void acceptLoss();

  Observed observe();

  @Override
  void close();

  /// A pair of tokens somebody holds.
  record Held(String refresh, String access) {}

  /// Who says to be the client.
  enum Proof {
    RIGHT,
    OTHER_CLIENT,
    /// Only where the client has a secret; elsewhere the same as another client.
    WRONG_SECRET
  }

  /// What is wrong with a token.
  enum Forgery {
    OTHER_KIND,
    OTHER_PREFIX,
    OTHER_SESSION,
    OTHER_NONCE,
    OTHER_KEY,
    ANOTHER_DIGIT,
    ACCESS_FOR_REFRESH
  }
}
