package latchkey.domain.policy;

import dev.cel.common.CelValidationException;
import dev.cel.runtime.CelEvaluationException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import latchkey.base.config.Faults;
import latchkey.base.config.Node;
import latchkey.base.config.YamlReader;
import latchkey.domain.policy.CelExpressions.Expression;
import org.jspecify.annotations.Nullable;

/// Reads and compiles a rule file. Whatever is wrong is told with file, line and reason; nothing is
/// passed over, because a misspelt rule is a rule that does not hold.
final class RuleReader {
  private static final Set<String> FILE_KEYS = Set.of("define", "rules");
  private static final Set<String> GRANTING_FILE_KEYS =
      Set.of("define", "rules", "admin", "scopes");
  private static final Set<String> RULE_KEYS =
      Set.of(
          "name",
          "each",
          "when",
          "message",
          "code",
          "need_to_remove",
          "about_redirect_uri",
          "final",
          "field");

  private final CelExpressions cel;

  RuleReader(CelExpressions cel) {
    this.cel = cel;
  }

  RuleFile read(RuleSources.Source source, Question question) throws UnusableRules {
    var faults = new Faults();
    var top = new YamlReader(source.name(), faults).read(source.text());
    if (!faults.errors().isEmpty()) {
      throw new UnusableRules(faults.errors().getFirst().toString());
    }
    requireKnown(top, question.grants() ? GRANTING_FILE_KEYS : FILE_KEYS);
    var rules = new ArrayList<Rule>();
    for (var rule : list(top)) {
      rules.add(rule(rule));
    }
    return new RuleFile(definitions(top), rules, grants(top));
  }

  private Map<String, RuleFile.Definition> definitions(Node.Mapping top) throws UnusableRules {
    var definitions = new LinkedHashMap<String, RuleFile.Definition>();
    var define = top.entries().get("define");
    if (define instanceof Node.Mapping mapping) {
      for (var name : mapping.entries().keySet()) {
        var place = mapping.entries().get(name).mark().toString();
        definitions.put(name, new RuleFile.Definition(place, require(mapping, name)));
      }
    } else if (define != null) {
      throw fault(define, "define: names and expressions are expected");
    }
    return definitions;
  }

  private GrantRules grants(Node.Mapping top) throws UnusableRules {
    var admin = top.entries().get("admin");
    var scopes = top.entries().get("scopes");
    var place = admin != null ? admin : scopes != null ? scopes : top;
    return new GrantRules(
        place.mark().toString(),
        admin == null ? null : require(top, "admin"),
        scopes == null ? null : require(top, "scopes"));
  }

  private static List<Node> list(Node.Mapping top) throws UnusableRules {
    if (top.entries().get("rules") instanceof Node.Items(var rules, _)) {
      return rules;
    }
    throw fault(top, "rules: a list of rules is expected");
  }

  private Rule rule(Node node) throws UnusableRules {
    if (!(node instanceof Node.Mapping rule)) {
      throw fault(node, "a rule with name, when and message is expected");
    }
    requireKnown(rule, RULE_KEYS);
    var name = text(rule, "name");
    if (name == null) {
      throw fault(rule, "each rule needs a name");
    }
    return new Rule(
        name,
        rule.mark().toString(),
        rule.entries().containsKey("each") ? require(rule, "each") : null,
        require(rule, "when"),
        require(rule, "message"),
        text(rule, "code"),
        rule.entries().containsKey("need_to_remove") ? require(rule, "need_to_remove") : null,
        flag(rule, "about_redirect_uri"),
        flag(rule, "final"),
        text(rule, "field"));
  }

  private Expression require(Node.Mapping mapping, String key) throws UnusableRules {
    var text = text(mapping, key);
    if (text == null) {
      throw fault(mapping, key + ": an expression is expected");
    }
    try {
      return cel.compile(text);
    } catch (CelValidationException | CelEvaluationException e) {
      throw fault(mapping.entries().getOrDefault(key, mapping), key + ": " + words(e));
    }
  }

  /// A single value as its text: `when: true` is an expression too.
  private static @Nullable String text(Node.Mapping mapping, String key) throws UnusableRules {
    return switch (mapping.entries().get(key)) {
      case null -> null;
      case Node.Scalar(var value, _) -> value == null ? null : value.toString();
      case Node other -> throw fault(other, key + ": a single value is expected");
    };
  }

  private static boolean flag(Node.Mapping rule, String key) throws UnusableRules {
    return switch (rule.entries().get(key)) {
      case null -> false;
      case Node.Scalar(Boolean flag, _) -> flag;
      case Node other -> throw fault(other, key + ": true or false is expected");
    };
  }

  private static void requireKnown(Node.Mapping mapping, Set<String> known) throws UnusableRules {
    for (var entry : mapping.entries().entrySet()) {
      if (!known.contains(entry.getKey())) {
        throw fault(entry.getValue(), entry.getKey() + ": this key is unknown here");
      }
    }
  }

  /// The compiler's own words, without the picture it draws below them.
  private static String words(Exception e) {
    return e instanceof CelValidationException invalid && !invalid.getErrors().isEmpty()
        ? invalid.getErrors().getFirst().getMessage()
        : String.valueOf(e.getMessage());
  }

  private static UnusableRules fault(Node node, String reason) {
    return new UnusableRules(node.mark() + ": " + reason);
  }
}
