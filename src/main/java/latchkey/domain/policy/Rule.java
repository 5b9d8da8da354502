package latchkey.domain.policy;

import dev.cel.runtime.CelEvaluationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import latchkey.domain.policy.CelExpressions.Expression;
import org.jspecify.annotations.Nullable;

/// One rule: it objects if `when` is true, once, or once for each `item` of `each`.
///
/// @param place file and line
/// @param needToRemove how many sessions have to go first; null if it is not about that
/// @param isFinal asking again without a new grant will not help
/// @param field of a form that it is about; null if it is about all of it
record Rule(
    String name,
    String place,
    @Nullable Expression each,
    Expression when,
    Expression message,
    @Nullable String code,
    @Nullable Expression needToRemove,
    boolean aboutRedirectUri,
    boolean isFinal,
    @Nullable String field) {

  List<Violation> objections(Map<String, Object> variables) throws CelEvaluationException {
    var violations = new ArrayList<Violation>();
    for (var item : items(variables)) {
      variables.put("item", item);
      if (Boolean.TRUE.equals(when.evaluate(variables))) {
        var text = String.valueOf(message.evaluate(variables));
        var redirectUri = aboutRedirectUri ? String.valueOf(item) : null;
        violations.add(new Violation(text, code, redirectUri, number(variables), isFinal, field));
      }
    }
    return violations;
  }

  private @Nullable Long number(Map<String, Object> variables) throws CelEvaluationException {
    return needToRemove != null && needToRemove.evaluate(variables) instanceof Number many
        ? many.longValue()
        : null;
  }

  private Iterable<?> items(Map<String, Object> variables) throws CelEvaluationException {
    if (each == null) {
      return List.of("");
    }
    var value = each.evaluate(variables);
    if (value instanceof Iterable<?> items) {
      return items;
    }
    throw new IllegalArgumentException("each is no list");
  }
}
