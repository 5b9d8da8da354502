package latchkey.domain.policy;

import dev.cel.runtime.CelEvaluationException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import latchkey.domain.policy.CelExpressions.Expression;
import org.jboss.logging.Logger;

/// The rules of one file: named sub-expressions, then rules.
///
/// @param definitions in the order of the file; a later one may use those before it
/// @param grants what the file lets somebody be whom no rule objects to
record RuleFile(Map<String, Definition> definitions, List<Rule> rules, GrantRules grants) {
  private static final Logger LOG = Logger.getLogger(RuleFile.class);

  /// What people are told; what is wrong only the log says.
  private static final Violation UNDECIDED =
      new Violation("a rule of this server could not be asked", null, null, null, false);

  record Definition(String place, Expression expression) {}

  /// Something in a file that could not be evaluated.
  private record Failure(String place, Exception cause) {
    @Override
    public String toString() {
      var words = cause.getMessage() == null ? cause.toString() : cause.getMessage();
      return place + ": cannot be evaluated: " + words;
    }
  }

  /// @param failed whether one of the violations is that something could not be evaluated
  record Answer(List<Violation> violations, boolean failed, GrantRules.Granted granted) {}

  /// Every objection, and what is granted if there is none. What fails objects.
  Answer judge(Map<String, Object> input, Map<String, Object> data) {
    var failures = new ArrayList<Failure>();
    var violations = evaluate(input, data, failures);
    var granted =
        violations.isEmpty() ? granted(input, data, failures) : GrantRules.Granted.NOTHING;
    tell(failures, violations);
    return new Answer(violations, !failures.isEmpty(), granted);
  }

  private GrantRules.Granted granted(
      Map<String, Object> input, Map<String, Object> data, List<Failure> failures) {
    try {
      var variables = variables(input, data, failures);
      return variables.isPresent() ? grants.evaluate(variables.get()) : GrantRules.Granted.NOTHING;
    } catch (CelEvaluationException | RuntimeException e) {
      failures.add(new Failure(grants.place(), e));
      return GrantRules.Granted.NOTHING;
    }
  }

  /// Every objection. A rule that fails objects too: a policy that cannot be asked says no.
  List<Violation> evaluate(Map<String, Object> input, Map<String, Object> data) {
    var failures = new ArrayList<Failure>();
    var violations = evaluate(input, data, failures);
    tell(failures, violations);
    return violations;
  }

  private static void tell(List<Failure> failures, List<Violation> violations) {
    for (var failure : failures) {
      LOG.errorf("%s; it objects", failure);
      violations.add(UNDECIDED);
    }
  }

  /// Asks once with an input that has everything, so that what can never be evaluated, such as a
  /// broken regular expression in `policy.data`, is told before anybody meets it.
  void rehearse(Map<String, Object> input, Map<String, Object> data) throws UnusableRules {
    var failures = new ArrayList<Failure>();
    evaluate(input, data, failures);
    granted(input, data, failures);
    if (!failures.isEmpty()) {
      throw new UnusableRules(failures.getFirst().toString());
    }
  }

  private List<Violation> evaluate(
      Map<String, Object> input, Map<String, Object> data, List<Failure> failures) {
    var violations = new ArrayList<Violation>();
    var variables = variables(input, data, failures);
    if (variables.isPresent()) {
      for (var rule : rules) {
        try {
          violations.addAll(rule.objections(variables.get()));
        } catch (CelEvaluationException | RuntimeException e) {
          failures.add(new Failure(rule.place() + ": " + rule.name(), e));
        }
      }
    }
    return violations;
  }

  /// Empty if a definition fails: then no rule of the file means what it says.
  private Optional<Map<String, Object>> variables(
      Map<String, Object> input, Map<String, Object> data, List<Failure> failures) {
    var defined = new LinkedHashMap<String, Object>();
    var variables = new LinkedHashMap<String, Object>();
    variables.put("input", input);
    variables.put("data", data);
    variables.put("define", defined);
    variables.put("item", "");
    for (var definition : definitions.entrySet()) {
      try {
        defined.put(definition.getKey(), definition.getValue().expression().evaluate(variables));
      } catch (CelEvaluationException | RuntimeException e) {
        failures.add(new Failure(definition.getValue().place() + ": " + definition.getKey(), e));
        return Optional.empty();
      }
    }
    return Optional.of(variables);
  }
}
