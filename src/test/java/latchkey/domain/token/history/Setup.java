package latchkey.domain.token.history;

/// The world a history takes place in.
///
/// @param overHttp whether the first replica is the application itself, asked over HTTP; its
///   leeway, settling and keys are those of its configuration
/// @param replicas how many servers share the database
/// @param client how the client proves itself
/// @param imported which tokens the session brings from another server
public record Setup(
    boolean overHttp,
    int replicas,
    long leeway,
    long settling,
    boolean endOnSuspicion,
    ClientKind client,
    Imported imported) {
  /// The life of access tokens, in seconds.
  public static final long TTL = 300;

  public enum ClientKind {
    PUBLIC,
    SECRET
  }

  public enum Imported {
    NOTHING,
    /// A token that was never redeemed.
    ONE,
    /// A token whose successor was given out, and not used so far.
    PAIR
  }

  /// The same without the application: every replica is one of ours.
  Setup inside() {
    return new Setup(false, replicas, leeway, settling, endOnSuspicion, client, imported);
  }
}
