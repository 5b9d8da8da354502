package latchkey.domain.policy;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.CelStandardFunctions.StandardFunction;
import java.util.List;
import java.util.Map;

/// CEL with what rules need besides: URIs read by a real parser, lists of addresses, sets of names.
final class CelExpressions {
  private static final int MAX_ITERATIONS = 100_000;

  /// A compiled expression.
  record Expression(CelRuntime.Program program) {
    Object evaluate(Map<String, Object> variables) throws CelEvaluationException {
      return program.eval(variables);
    }
  }

  private static final CelOptions OPTIONS =
      CelOptions.current().comprehensionMaxIterations(MAX_ITERATIONS).build();

  private final Patterns patterns = new Patterns();
  private final Cel cel = CelFactory.combine(compiler(), runtime(patterns));

  private static CelCompiler compiler() {
    return CelCompilerFactory.standardCelCompilerBuilder()
        .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
        .setOptions(OPTIONS)
        .addVar("input", MapType.create(SimpleType.STRING, SimpleType.DYN))
        .addVar("data", MapType.create(SimpleType.STRING, SimpleType.DYN))
        .addVar("define", MapType.create(SimpleType.STRING, SimpleType.DYN))
        .addVar("item", SimpleType.DYN)
        .addFunctionDeclarations(
            declare("uri", "uri_dyn", SimpleType.DYN, SimpleType.DYN),
            declare("within", "within_host", SimpleType.BOOL, SimpleType.DYN, SimpleType.DYN),
            declare("reversed", "reversed_host", SimpleType.STRING, SimpleType.DYN),
            declare("inNetworks", "in_networks", SimpleType.BOOL, SimpleType.DYN, SimpleType.DYN),
            declare("inSet", "in_set", SimpleType.BOOL, SimpleType.DYN, SimpleType.DYN),
            declare("inGlobs", "in_globs", SimpleType.BOOL, SimpleType.DYN, SimpleType.DYN))
        .build();
  }

  // CEL wants functions without state; what is compiled already changes no answer.
  @SuppressWarnings("Immutable")
  private static CelRuntime runtime(Patterns patterns) {
    return CelRuntimeFactory.standardCelRuntimeBuilder()
        .setOptions(OPTIONS)
        .setStandardEnvironmentEnabled(false)
        .setStandardFunctions(
            CelStandardFunctions.newBuilder().excludeFunctions(StandardFunction.MATCHES).build())
        .addFunctionBindings(
            matches("matches", patterns),
            matches("matches_string", patterns),
            CelFunctionBinding.from("uri_dyn", Object.class, RuleFunctions::uri),
            CelFunctionBinding.from(
                "within_host", Object.class, Object.class, RuleFunctions::within),
            CelFunctionBinding.from("reversed_host", Object.class, RuleFunctions::reversed),
            CelFunctionBinding.from(
                "in_networks", Object.class, Object.class, RuleFunctions::inNetworks),
            CelFunctionBinding.from(
                "in_set",
                Object.class,
                Object.class,
                (set, value) -> RuleFunctions.inSet(set, value, patterns)),
            CelFunctionBinding.from(
                "in_globs",
                Object.class,
                Object.class,
                (globs, domain) -> RuleFunctions.inGlobs(globs, domain, patterns)))
        .build();
  }

  @SuppressWarnings("Immutable")
  private static CelFunctionBinding matches(String id, Patterns patterns) {
    return CelFunctionBinding.from(
        id, String.class, String.class, (text, regex) -> patterns.find(regex, text));
  }

  Expression compile(String text) throws CelValidationException, CelEvaluationException {
    return new Expression(cel.createProgram(cel.compile(text).getAst()));
  }

  private static CelFunctionDecl declare(
      String name,
      String id,
      dev.cel.common.types.CelType result,
      dev.cel.common.types.CelType... parameters) {
    return CelFunctionDecl.newFunctionDeclaration(
        name, CelOverloadDecl.newGlobalOverload(id, result, List.of(parameters)));
  }
}
