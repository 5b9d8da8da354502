package latchkey.domain.policy;

import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelEvaluationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import latchkey.domain.policy.CelExpressions.Expression;
import org.jspecify.annotations.Nullable;

/// What a file of rules lets somebody be: its expressions `admin` and `scopes`.
///
/// @param place file and line of the first of them
/// @param admin whether they may ask for admin scopes; null if the file says nothing about it
/// @param scopes which scopes they may ask for beyond those everybody may; likewise
record GrantRules(String place, @Nullable Expression admin, @Nullable Expression scopes) {
  /// @param admin empty for no opinion
  record Granted(Optional<Boolean> admin, List<String> scopes) {
    static final Granted NOTHING = new Granted(Optional.empty(), List.of());
  }

  /// @throws IllegalArgumentException if an expression gives something else than it should
  Granted evaluate(Map<String, Object> variables) throws CelEvaluationException {
    return new Granted(
        admin == null ? Optional.empty() : flag(admin.evaluate(variables)),
        scopes == null ? List.of() : texts(scopes.evaluate(variables)));
  }

  private static Optional<Boolean> flag(Object value) {
    return switch (value) {
      case Boolean flag -> Optional.of(flag);
      // Whichever of the two an expression comes to.
      case NullValue _, com.google.protobuf.NullValue _ -> Optional.empty();
      default -> throw new IllegalArgumentException("admin has to be true, false or null");
    };
  }

  private static List<String> texts(Object value) {
    var texts = new ArrayList<String>();
    if (value instanceof Iterable<?> items) {
      for (var item : items) {
        if (!(item instanceof String text)) {
          throw new IllegalArgumentException("scopes has to be a list of texts");
        }
        texts.add(text);
      }
      return texts;
    }
    throw new IllegalArgumentException("scopes has to be a list of texts");
  }
}
