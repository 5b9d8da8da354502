package latchkey.base.web.page;

import io.quarkus.qute.CompletedStage;
import io.quarkus.qute.EvalContext;
import io.quarkus.qute.ValueResolver;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/// Lets templates read records: their components, and what else they tell without being asked for
/// more. Page records are private to their rooms, which Qute's own resolver respects.
final class RecordResolver implements ValueResolver {
  private static final int BEFORE_QUTES_OWN = 10;

  private static final ClassValue<Map<String, Method>> READABLE =
      new ClassValue<>() {
        @Override
        protected Map<String, Method> computeValue(Class<?> type) {
          var readable = new HashMap<String, Method>();
          for (var method : type.getDeclaredMethods()) {
            if (isReadable(method)) {
              method.setAccessible(true);
              readable.put(method.getName(), method);
            }
          }
          return readable;
        }
      };

  /// The methods a template can name, by name.
  static Map<String, Method> readable(Class<?> type) {
    return READABLE.get(type);
  }

  @Override
  public int getPriority() {
    return BEFORE_QUTES_OWN;
  }

  @Override
  public boolean appliesTo(EvalContext context) {
    return context.getBase() instanceof Record base
        && context.getParams().isEmpty()
        && readable(base.getClass()).containsKey(context.getName());
  }

  @Override
  public CompletionStage<Object> resolve(EvalContext context) {
    var readable = readable(context.getBase().getClass());
    try {
      return CompletedStage.of(
          Objects.requireNonNull(readable.get(context.getName())).invoke(context.getBase()));
    } catch (IllegalAccessException | InvocationTargetException e) {
      return CompletedStage.failure(e);
    }
  }

  private static boolean isReadable(Method method) {
    return method.getParameterCount() == 0
        && Modifier.isPublic(method.getModifiers())
        && !Modifier.isStatic(method.getModifiers())
        && method.getReturnType() != void.class
        && !method.isSynthetic()
        && method.getDeclaringClass().isRecord()
        && !method.getName().equals("toString")
        && !method.getName().equals("hashCode");
  }
}
