package latchkey.domain.policy;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import latchkey.base.oauth.Scope;
import latchkey.domain.client.ClientView;
import latchkey.domain.user.UserView;
import org.jspecify.annotations.Nullable;

/// Asks the rules. They are compiled once; a mistake in one stops the start with file, line and
/// reason.
public final class Policies {
  private final Map<Question, List<RuleFile>> files;
  private final Map<String, Object> data;
  private final Clock clock;

  private Policies(Map<Question, List<RuleFile>> files, Map<String, Object> data, Clock clock) {
    this.files = files;
    this.data = data;
    this.clock = clock;
  }

  /// @param folder the admin's rules, laid over those of the release
  public static Policies load(Map<String, Object> data, @Nullable Path folder, Clock clock)
      throws UnusableRules {
    var sources = new RuleSources(folder);
    var reader = new RuleReader(new CelExpressions());
    var files = new EnumMap<Question, List<RuleFile>>(Question.class);
    for (var question : Question.values()) {
      var about = new ArrayList<RuleFile>();
      for (var source : sources.about(question)) {
        var file = reader.read(source, question);
        file.rehearse(RuleInput.sample(question, clock.instant()), data);
        about.add(file);
      }
      files.put(question, List.copyOf(about));
    }
    return new Policies(files, data, clock);
  }

  /// Who asks, as far as the network shows it.
  public record Requester(@Nullable String ipAddress, @Nullable String userAgent) {}

  /// @param metadata the RFC 7591 metadata as JSON gives it, absent members absent
  public List<Violation> clientRegistration(Map<String, Object> metadata, Requester requester) {
    return ask(
        Question.CLIENT_REGISTRATION,
        RuleInput.clientRegistration(metadata, requester, clock.instant()));
  }

  /// May this client have this scope for this user? Asked at consent, and again at every refresh.
  ///
  /// @param upstreamScopes what the user may ask for because of their groups at a provider
  /// @param counts the user's sessions; null at a refresh
  public List<Violation> authorizationGrant(
      UserView user,
      ClientView client,
      Scope scope,
      Set<String> upstreamScopes,
      String grantType,
      @Nullable SessionCounts counts,
      Requester requester) {
    return ask(
        Question.AUTHORIZATION_GRANT,
        RuleInput.authorizationGrant(
            user, client, scope, upstreamScopes, grantType, counts, requester, clock.instant()));
  }

  /// How many sessions a user has.
  public record SessionCounts(long oauth2, long compat, long personal) {
    long total() {
      return oauth2 + compat + personal;
    }
  }

  /// A login of a legacy client.
  ///
  /// @param type as the client says it; `refresh_token` at a refresh
  /// @param redirectUri where `m.login.sso` leads
  /// @param sessionReplaced whether a session on the same device ends for it
  /// @param counts the user's other sessions; null at a refresh
  public record CompatLogin(
      String type,
      @Nullable String redirectUri,
      boolean sessionReplaced,
      @Nullable SessionCounts counts) {}

  /// May this user sign in, or stay signed in, with a legacy client?
  public List<Violation> compatLogin(UserView user, CompatLogin login, Requester requester) {
    return ask(
        Question.COMPAT_LOGIN, RuleInput.compatLogin(user, login, requester, clock.instant()));
  }

  /// Somebody whom a provider vouches for. Their claims are for the rules, never for a log.
  ///
  /// @param providerName what its button says
  /// @param idToken its claims; empty if there was no ID token
  /// @param userinfo its claims; empty if it was not fetched
  /// @param callbackParameters beyond those of OAuth
  /// @param user their account; empty if they have none yet
  /// @param revalidation whether nobody is there who signs in
  public record UpstreamLogin(
      UUID provider,
      Optional<String> issuer,
      String providerName,
      Optional<Map<String, @Nullable Object>> idToken,
      Optional<Map<String, @Nullable Object>> userinfo,
      Map<String, String> callbackParameters,
      Optional<UserView> user,
      boolean revalidation) {
    @Override
    public String toString() {
      return "UpstreamLogin[" + provider + "]";
    }
  }

  /// May somebody enter whom a provider vouches for, and what may they be here?
  public UpstreamVerdict upstreamLogin(UpstreamLogin login, Requester requester) {
    var input = UpstreamInput.of(login, requester, clock.instant());
    boolean undecided = false;
    var violations = new ArrayList<Violation>();
    var granted = new ArrayList<GrantRules.Granted>();
    for (var file : files.getOrDefault(Question.UPSTREAM_LOGIN, List.of())) {
      var answer = file.judge(input, data);
      violations.addAll(answer.violations());
      undecided = undecided || answer.failed();
      granted.add(answer.granted());
    }
    return UpstreamVerdict.of(violations, undecided, granted);
  }

  /// A wish for an account.
  ///
  /// @param method `password` or `upstream-oauth2`
  /// @param username as it was typed; may be empty
  public record Registration(String method, String username, @Nullable String email) {
    @Override
    public String toString() {
      return "Registration[" + method + "]";
    }
  }

  /// May there be such an account? What the answers are about, their fields say: `username`,
  /// `email`, or none.
  public List<Violation> register(Registration wish, Requester requester) {
    return ask(Question.REGISTER, RuleInput.register(wish, requester, clock.instant()));
  }

  /// Whether `policy.data.admin_users` names this user: the rules of this release let whoever has
  /// the name ask for admin scopes.
  public boolean namesAdmin(String username) {
    return data.get("admin_users") instanceof Collection<?> names && names.contains(username);
  }

  private List<Violation> ask(Question question, Map<String, Object> input) {
    var violations = new ArrayList<Violation>();
    for (var file : files.getOrDefault(question, List.of())) {
      violations.addAll(file.evaluate(input, data));
    }
    return violations;
  }
}
