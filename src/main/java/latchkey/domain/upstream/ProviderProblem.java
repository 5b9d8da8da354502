package latchkey.domain.upstream;

/// A provider did not do what it was asked, or what it said cannot be believed. No message holds a
/// code, a token or a claim.
public final class ProviderProblem extends RuntimeException {
  /// What went wrong, for whoever has to decide what comes of it.
  public sealed interface Kind {
    /// It cannot be talked to now; trying again later may help.
    ///
    /// @param words why, for an admin
    record Unavailable(String words) implements Kind {}

    /// It answered with an error of OAuth (RFC 6749 §4.1.2.1, §5.2).
    ///
    /// @param error the code, in characters that codes may have
    /// @param description its own words, at most 200 characters and to be escaped; or empty
    record Refused(String error, String description) implements Kind {
      /// Whether it is us whom it does not accept, and not this person or their code.
      public boolean isAboutUs() {
        return error.equals("invalid_client") || error.equals("unauthorized_client");
      }
    }

    /// Something it said is wrong, such as the signature of an ID token; nobody comes in by that.
    ///
    /// @param reason for an admin
    record Untrusted(String reason) implements Kind {}
  }

  private final transient Kind kind;
  private final boolean outage;

  ProviderProblem(ProviderConfig provider, Kind kind) {
    this(provider, kind, false);
  }

  private ProviderProblem(ProviderConfig provider, Kind kind, boolean outage) {
    super(
        "provider "
            + Providers.nameOf(provider)
            + ": "
            + switch (kind) {
              case Kind.Unavailable(var words) -> words;
              case Kind.Refused(var error, var description) ->
                  "it answers " + error + (description.isEmpty() ? "" : ": " + description);
              case Kind.Untrusted(var reason) -> reason;
            });
    this.kind = kind;
    this.outage = outage;
  }

  /// It does not answer, or not in time, or says that it is broken: nobody else would fare better.
  static ProviderProblem outage(ProviderConfig provider, String words) {
    return new ProviderProblem(provider, new Kind.Unavailable(words), true);
  }

  /// Whether nobody else would fare better now. What it makes of one call, anybody could bring
  /// about.
  boolean isOutage() {
    return outage;
  }

  public Kind kind() {
    return kind;
  }
}
