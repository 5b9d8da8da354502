package latchkey.domain.grant;

import io.vertx.core.json.JsonObject;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import latchkey.base.oauth.Prompt;
import latchkey.base.oauth.ResponseMode;
import latchkey.base.oauth.Scope;
import latchkey.base.oauth.StandardClaim;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/// One authorization request on its way from the client, past its user, to a code.
@Entity
@Table(schema = "latchkey", name = "authorization_grants")
public class AuthorizationGrant {
  /// How long a person may take to sign in and consent.
  public static final Duration PENDING_LIFETIME = Duration.ofHours(1);

  /// How long a client may take to exchange its code (RFC 6749 §4.1.2 asks for ten minutes at
  /// most).
  public static final Duration CODE_LIFETIME = Duration.ofSeconds(60);

  @Id
  @Column(name = "id")
  private UUID id;

  @Column(name = "client_id")
  private UUID clientId;

  @Column(name = "redirect_uri")
  private String redirectUri;

  @Column(name = "redirect_uri_given")
  private boolean redirectUriGiven;

  @Column(name = "response_mode")
  private String responseMode;

  @Column(name = "scope")
  private String scope;

  @Column(name = "state")
  private @Nullable String state;

  @Column(name = "nonce")
  private @Nullable String nonce;

  @Column(name = "code_challenge")
  private @Nullable String codeChallenge;

  @Column(name = "login_hint")
  private @Nullable String loginHint;

  @Column(name = "prompts")
  @JdbcTypeCode(SqlTypes.ARRAY)
  private List<String> prompts;

  @Column(name = "subjects")
  @JdbcTypeCode(SqlTypes.ARRAY)
  private List<UUID> subjects;

  @Column(name = "max_auth_age")
  private @Nullable Integer maxAuthAge;

  @Column(name = "essential_acrs")
  @JdbcTypeCode(SqlTypes.ARRAY)
  private List<String> essentialAcrs;

  @Column(name = "id_token_claims")
  @JdbcTypeCode(SqlTypes.ARRAY)
  private List<String> idTokenClaims;

  @Column(name = "userinfo_claims")
  @JdbcTypeCode(SqlTypes.ARRAY)
  private List<String> userinfoClaims;

  @Column(name = "ui_locales")
  @JdbcTypeCode(SqlTypes.ARRAY)
  private List<String> uiLocales;

  @Column(name = "locale")
  private @Nullable String locale;

  @Column(name = "raw_parameters")
  @JdbcTypeCode(SqlTypes.JSON)
  private String rawParameters;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "chosen_session_id", insertable = false, updatable = false)
  private @Nullable UUID chosenSession;

  @Column(name = "fulfilled_at", insertable = false, updatable = false)
  private @Nullable Instant fulfilledAt;

  @Column(name = "cancelled_at", insertable = false, updatable = false)
  private @Nullable Instant cancelledAt;

  @Column(name = "exchanged_at", insertable = false, updatable = false)
  private @Nullable Instant exchangedAt;

  protected AuthorizationGrant() {}

  /// What the client asked for, once every check of its request has passed.
  ///
  /// @param locale the browser's languages, for the name of the device
  /// @param uiLocales the client's
  public record Request(
      UUID clientId,
      String redirectUri,
      boolean redirectUriGiven,
      ResponseMode responseMode,
      Scope scope,
      @Nullable String state,
      @Nullable String nonce,
      @Nullable String codeChallenge,
      @Nullable String loginHint,
      Demands demands,
      WantedClaims claims,
      List<String> uiLocales,
      @Nullable String locale,
      String rawParameters) {}

  static AuthorizationGrant pending(UUID id, Request request, Instant now) {
    var grant = new AuthorizationGrant();
    grant.id = id;
    grant.clientId = request.clientId();
    grant.redirectUri = request.redirectUri();
    grant.redirectUriGiven = request.redirectUriGiven();
    grant.responseMode = request.responseMode().code();
    grant.scope = request.scope().toString();
    grant.state = request.state();
    grant.nonce = request.nonce();
    grant.codeChallenge = request.codeChallenge();
    grant.loginHint = request.loginHint();
    grant.demand(request.demands());
    grant.idTokenClaims = codes(request.claims().idToken(), StandardClaim::code);
    grant.userinfoClaims = codes(request.claims().userinfo(), StandardClaim::code);
    grant.uiLocales = List.copyOf(request.uiLocales());
    grant.locale = request.locale();
    grant.rawParameters = request.rawParameters();
    grant.createdAt = now;
    return grant;
  }

  private void demand(Demands demands) {
    prompts = codes(demands.prompts(), Prompt::code);
    subjects = List.copyOf(demands.subjects());
    essentialAcrs = List.copyOf(demands.acrs());
    maxAuthAge =
        demands.maxAuthAge() == null ? null : Math.toIntExact(demands.maxAuthAge().toSeconds());
  }

  public UUID id() {
    return id;
  }

  /// Still waiting for its user, and not too old.
  public boolean isPending(Instant now) {
    return fulfilledAt == null
        && cancelledAt == null
        && exchangedAt == null
        && now.isBefore(createdAt.plus(PENDING_LIFETIME));
  }

  /// The parameters of its request, as they came.
  Map<String, String> request() {
    var parameters = new LinkedHashMap<String, String>();
    new JsonObject(rawParameters)
        .forEach(entry -> parameters.put(entry.getKey(), String.valueOf(entry.getValue())));
    return parameters;
  }

  PendingGrant view() {
    return new PendingGrant(
        id,
        clientId,
        redirectUri,
        ResponseMode.parse(responseMode).orElseThrow(),
        Scope.parse(scope).orElseThrow(),
        state,
        nonce,
        codeChallenge,
        loginHint,
        new Demands(
            parsed(prompts, Prompt::parse),
            Set.copyOf(subjects),
            maxAuthAge == null ? null : Duration.ofSeconds(maxAuthAge),
            Set.copyOf(essentialAcrs)),
        new WantedClaims(
            parsed(idTokenClaims, StandardClaim::parse),
            parsed(userinfoClaims, StandardClaim::parse)),
        uiLocales,
        locale,
        createdAt,
        chosenSession);
  }

  private static <T> List<String> codes(Collection<T> values, Function<T, String> code) {
    return values.stream().map(code).sorted().toList();
  }

  private static <T> Set<T> parsed(List<String> codes, Function<String, Optional<T>> parse) {
    return codes.stream().flatMap(code -> parse.apply(code).stream()).collect(Collectors.toSet());
  }
}
