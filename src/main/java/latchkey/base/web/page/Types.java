package latchkey.base.web.page;

import io.quarkus.qute.Expression.Part;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What templates can do with values of a type: its public methods, and what Qute adds.
final class Types {
  /// A value of which nothing is known; everything may be asked of it.
  static final Type UNKNOWN = Object.class;

  /// What Qute understands of every value.
  private static final Set<String> OF_EVERYTHING =
      Set.of(
          "?:",
          "?",
          ":",
          "&&",
          "||",
          "or",
          "ifTruthy",
          "orEmpty",
          "logicalAnd",
          "logicalOr",
          "raw",
          "safe");

  private Types() {}

  static Type of(@Nullable Object literal) {
    return literal == null ? UNKNOWN : literal.getClass();
  }

  /// What iterating over it yields.
  static Type element(Type type) {
    if (type instanceof ParameterizedType generic) {
      var arguments = generic.getActualTypeArguments();
      if (Map.class.isAssignableFrom(raw(type))) {
        return Map.Entry.class;
      } else if (Iterable.class.isAssignableFrom(raw(type)) && arguments.length == 1) {
        return arguments[0];
      }
    }
    return UNKNOWN;
  }

  /// The constants of an enum; empty for anything else.
  static List<String> constants(Type type) {
    var constants = raw(type).getEnumConstants();
    return constants == null ? List.of() : Arrays.stream(constants).map(Object::toString).toList();
  }

  /// The type of a member; empty if there is none.
  static Optional<Type> member(Type owner, Part part) {
    var type = raw(owner);
    var name = part.getName();
    if (type == Object.class || OF_EVERYTHING.contains(name) || Map.class.isAssignableFrom(type)) {
      return Optional.of(UNKNOWN);
    }
    int parameters = part.isVirtualMethod() ? part.asVirtualMethod().getParameters().size() : 0;
    if (type.isRecord() && parameters == 0) {
      return Optional.ofNullable(RecordResolver.readable(type).get(name))
          .map(Method::getGenericReturnType);
    }
    for (var method : type.getMethods()) {
      if (method.getParameterCount() == parameters && isCalled(method, name)) {
        return Optional.of(method.getGenericReturnType());
      }
    }
    return Optional.empty();
  }

  private static boolean isCalled(Method method, String name) {
    var capital = name.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + name.substring(1);
    return method.getName().equals(name)
        || method.getName().equals("get" + capital)
        || method.getName().equals("is" + capital);
  }

  private static Class<?> raw(Type type) {
    return switch (type) {
      case Class<?> plain -> plain;
      case ParameterizedType generic -> raw(generic.getRawType());
      default -> Object.class;
    };
  }
}
