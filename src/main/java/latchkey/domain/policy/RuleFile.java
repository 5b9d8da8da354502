package latchkey.domain.policy;

import dev.cel.common.CelValidationException;
import dev.cel.runtime.CelEvaluationException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// The rules of one file in `policies/`: named sub-expressions, then rules. A rule objects if
/// `when` is true, once, or once for each `item` of `each`.
final class RuleFile {
  /// A file that cannot be used, with the rule and the reason.
  static final class Unusable extends Exception {
    Unusable(String file, String rule, String reason) {
      super("policies/" + file + ", " + rule + ": " + reason);
    }
  }

  private record Rule(
      String name,
      CelExpressions.@Nullable Expression each,
      CelExpressions.Expression when,
      CelExpressions.Expression message,
      @Nullable String code,
      boolean aboutRedirectUri) {}

  private final String file;
  private final Map<String, CelExpressions.Expression> definitions = new LinkedHashMap<>();
  private final List<Rule> rules = new ArrayList<>();

  private RuleFile(String file) {
    this.file = file;
  }

  static RuleFile compile(String file, String yaml, CelExpressions cel) throws Unusable {
    var compiled = new RuleFile(file);
    try {
      var content = new Load(LoadSettings.builder().setLabel(file).build()).loadFromString(yaml);
      if (!(content instanceof Map<?, ?> top) || !(top.get("rules") instanceof List<?> rules)) {
        throw new Unusable(file, "rules", "a list of rules is expected");
      }
      if (top.get("define") instanceof Map<?, ?> define) {
        for (var entry : define.entrySet()) {
          compiled.define(String.valueOf(entry.getKey()), String.valueOf(entry.getValue()), cel);
        }
      }
      for (var rule : rules) {
        compiled.add(rule, cel);
      }
      return compiled;
    } catch (YamlEngineException e) {
      throw new Unusable(file, "the file", String.valueOf(e.getMessage()));
    }
  }

  private void define(String name, String text, CelExpressions cel) throws Unusable {
    definitions.put(name, expression("define " + name, text, cel));
  }

  private void add(@Nullable Object rule, CelExpressions cel) throws Unusable {
    if (!(rule instanceof Map<?, ?> map) || map.get("name") == null) {
      throw new Unusable(file, "a rule", "each rule needs a name");
    }
    var name = String.valueOf(map.get("name"));
    if (map.get("when") == null || map.get("message") == null) {
      throw new Unusable(file, name, "when and message are needed");
    }
    var each = map.get("each");
    rules.add(
        new Rule(
            name,
            each == null ? null : expression(name, each.toString(), cel),
            expression(name, String.valueOf(map.get("when")), cel),
            expression(name, String.valueOf(map.get("message")), cel),
            map.get("code") == null ? null : String.valueOf(map.get("code")),
            Boolean.TRUE.equals(map.get("about_redirect_uri"))));
  }

  private CelExpressions.Expression expression(String rule, String text, CelExpressions cel)
      throws Unusable {
    try {
      return cel.compile(text);
    } catch (CelValidationException | CelEvaluationException e) {
      throw new Unusable(file, rule, String.valueOf(e.getMessage()));
    }
  }

  /// Every objection. A rule that fails to evaluate objects too: a policy that cannot be asked says
  /// no.
  List<Violation> evaluate(Map<String, Object> input, Map<String, Object> data) {
    var variables = new LinkedHashMap<String, Object>();
    variables.put("input", input);
    variables.put("data", data);
    variables.put("item", "");
    var defined = new LinkedHashMap<String, Object>();
    variables.put("define", defined);
    var violations = new ArrayList<Violation>();
    try {
      for (var definition : definitions.entrySet()) {
        defined.put(definition.getKey(), definition.getValue().evaluate(variables));
      }
      for (var rule : rules) {
        apply(rule, variables, violations);
      }
    } catch (CelEvaluationException e) {
      throw new IllegalStateException("policies/" + file + " cannot be evaluated", e);
    }
    return violations;
  }

  private static void apply(Rule rule, Map<String, Object> variables, List<Violation> violations)
      throws CelEvaluationException {
    Iterable<?> items =
        rule.each() == null ? List.of("") : (Iterable<?>) rule.each().evaluate(variables);
    for (var item : items) {
      variables.put("item", item);
      if (Boolean.TRUE.equals(rule.when().evaluate(variables))) {
        var redirectUri = rule.aboutRedirectUri() ? String.valueOf(item) : null;
        violations.add(
            new Violation(
                String.valueOf(rule.message().evaluate(variables)), rule.code(), redirectUri));
      }
    }
  }
}
