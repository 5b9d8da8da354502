package latchkey.domain.policy;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import latchkey.base.oauth.Scope;

/// What the rules say of somebody whom a provider vouches for (`policies/upstream_login.yaml`).
///
/// @param violations why they may not enter; empty if they may
/// @param undecided whether a rule failed, so that nothing is certain about the person
/// @param admin whether they may ask for admin scopes; empty to leave that as it is
/// @param scopes what they may ask for beyond what everybody may
public record UpstreamVerdict(
    List<Violation> violations, boolean undecided, Optional<Boolean> admin, Set<String> scopes) {
  public UpstreamVerdict {
    violations = List.copyOf(violations);
    scopes = Set.copyOf(scopes);
  }

  /// Of several files one that says true makes an admin, and scopes add up. What is no scope (RFC
  /// 6749 §3.3) is nothing anybody could ask for.
  static UpstreamVerdict of(
      List<Violation> violations, boolean undecided, List<GrantRules.Granted> granted) {
    var opinions = granted.stream().flatMap(one -> one.admin().stream()).toList();
    var scopes = new LinkedHashSet<String>();
    for (var one : granted) {
      one.scopes().stream().filter(UpstreamVerdict::isScope).forEach(scopes::add);
    }
    return new UpstreamVerdict(
        violations,
        undecided,
        opinions.isEmpty() ? Optional.empty() : Optional.of(opinions.contains(true)),
        scopes);
  }

  private static boolean isScope(String text) {
    return Scope.parse(text).filter(scope -> scope.tokens().size() == 1).isPresent();
  }

  public boolean admits() {
    return violations.isEmpty();
  }
}
