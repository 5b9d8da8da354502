package latchkey.domain.token.history;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/// A server that is nothing but a model, right or wrong: shows what the player finds, in no time.
final class ModelServer implements Server {
  private final Supplier<Model> rules;
  private final Model engine;
  private final Held first;
  private final Map<String, Token> issued = new HashMap<>();
  private long now;

  ModelServer(Supplier<Model> rules, Setup setup, long now) {
    this.rules = rules;
    this.engine = rules.get();
    this.now = now;
    int key = setup.imported() == Setup.Imported.NOTHING ? 1 : Token.FOREIGN;
    this.first =
        new Held(
            text(Token.refresh(0, now, key)), text(Token.access(0, now, now + Setup.TTL, key)));
  }

  /// The same rules from the beginning.
  Model twin() {
    return rules.get();
  }

  private String text(Token token) {
    issued.put(token.toString(), token);
    return token.toString();
  }

  @Override
  public Held first() {
    return first;
  }

  @Override
  public Token meaning(String token) {
    return issued.get(token);
  }

  @Override
  public long start() {
    return now;
  }

  @Override
  public Keys keys(int replica) {
    return Keys.FIRST;
  }

  @Override
  public void time(long now) {
    this.now = now;
  }

  @Override
  public Reply refresh(int replica, String token, Proof proof, Who who) {
    if (!issued.containsKey(token)) {
      return Reply.refused();
    }
    return switch (engine.refresh(replica, meaning(token), proof == Proof.RIGHT, who, now)) {
      case Answer.Tokens(var refresh, var access, var life) ->
          Reply.tokens(text(refresh), text(access), life);
      case Answer.Refused _ -> Reply.refused();
      case Answer.ComeBack _ -> Reply.comeBack(1);
      case Answer.NotThatClient _ -> throw new IllegalStateException("nobody asked for a secret");
    };
  }

  @Override
  public Worth use(int replica, String token, boolean atUserinfo) {
    return issued.containsKey(token) ? engine.use(replica, meaning(token), now) : Worth.INACTIVE;
  }

  @Override
  public long generation(String refreshToken) {
    return meaning(refreshToken).generation();
  }

  @Override
  public String forge(Forgery forgery, String token) {
    return forgery + " of " + token;
  }

  @Override
  public void flush(int replica) {
    engine.flush(replica);
  }

  @Override
  public void crash(int replica) {
    engine.crash(replica);
  }

  @Override
  public void configure(int replica, Keys keys) {
    engine.configure(replica, keys);
  }

  @Override
  public void lock(boolean locked) {
    engine.lock(locked);
  }

  @Override
  public void deactivate() {
    engine.deactivate();
  }

  @Override
  public void revoke(int replica, String token) {
    engine.revoke(replica, meaning(token));
  }

  @Override
  public void backUp() {
    engine.backUp();
  }

  @Override
  public void restore(int backup) {
    engine.restore(backup);
  }

  @Override
  public void vanish() {
    engine.vanish();
  }

  @Override
  public void acceptLoss() {
    engine.acceptLoss();
  }

  @Override
  public Observed observe() {
    return engine.observe();
  }

  @Override
  public void close() {}
}
