package latchkey.domain.grant;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.crypto.Digest;
import latchkey.base.crypto.Secret;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;
import latchkey.base.web.Continuation;

/// Starts a grant and gives it its code. The code exists in clear only in what [#fulfil] returns.
@Singleton
public class AuthorizationGrants {
  private static final int CODE_LENGTH = 32;

  private final AuthorizationGrantRepository grants;
  private final Clock clock;
  private final Ids ids;
  private final Randomness randomness;

  AuthorizationGrants(
      AuthorizationGrantRepository grants, Clock clock, Ids ids, Randomness randomness) {
    this.grants = grants;
    this.clock = clock;
    this.ids = ids;
    this.randomness = randomness;
  }

  /// Stores a checked request; answers the id under which its pages find it.
  @Transactional
  public UUID start(AuthorizationGrant.Request request) {
    var now = clock.instant();
    var grant = AuthorizationGrant.pending(ids.next(now), request, now);
    grants.persist(grant);
    return grant.id();
  }

  public sealed interface Lookup {
    record Pending(PendingGrant grant) implements Lookup {}

    /// It was answered already, or waited too long.
    record NoLongerPending(PendingGrant grant) implements Lookup {}

    record NotFound() implements Lookup {}
  }

  @Transactional
  public Lookup find(UUID id) {
    return grants
        .findByIdOptional(id)
        .<Lookup>map(
            grant ->
                grant.isPending(clock.instant())
                    ? new Lookup.Pending(grant.view())
                    : new Lookup.NoLongerPending(grant.view()))
        .orElseGet(Lookup.NotFound::new);
  }

  /// The grant that waits behind a page, if one does.
  public Optional<PendingGrant> pending(Continuation next) {
    return next instanceof Continuation.ContinueGrant(var id)
            && find(id) instanceof Lookup.Pending(var grant)
        ? Optional.of(grant)
        : Optional.empty();
  }

  /// What the client put into its request, as it came; empty if the grant waits for nobody.
  @Transactional
  public Map<String, String> requestOf(UUID id) {
    return grants
        .findByIdOptional(id)
        .filter(grant -> grant.isPending(clock.instant()))
        .map(AuthorizationGrant::request)
        .orElse(Map.of());
  }

  /// Remembers with which browser session the person chose to go on.
  @Transactional
  public void choose(UUID id, UUID browserSession) {
    grants.choose(id, browserSession);
  }

  /// It cannot be answered with a code; false if it was answered already.
  @Transactional
  public boolean cancel(UUID id, Instant now) {
    return grants.cancel(id, now);
  }

  /// The user said yes. Empty if the grant was answered already, or the browser session is not what
  /// the client demands.
  @Transactional
  public Optional<Secret> fulfil(UUID id, UUID browserSession, Instant now) {
    var code = Secret.of(randomness.alphanumeric(CODE_LENGTH));
    return grants.fulfil(id, browserSession, Digest.sha256(code.bytes()), now)
        ? Optional.of(code)
        : Optional.empty();
  }
}
