package latchkey.base.jinja;

import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// A part of the template that can be called.
final class Macro extends Thing {
  private final Statement.Signature signature;
  private final List<Statement> body;
  private final Scope definition;
  private final Interpreter interpreter;

  /// @param definition where it stands, and looks for what is not passed
  Macro(
      Statement.Signature signature,
      List<Statement> body,
      Scope definition,
      Interpreter interpreter) {
    this.signature = signature;
    this.body = body;
    this.definition = definition;
    this.interpreter = interpreter;
  }

  @Override
  Map<String, Value> attributes() {
    return Map.of(
        "name",
        Value.of(signature.name()),
        "arguments",
        Seq.list(signature.parameters().stream().map(Value::of).toList()));
  }

  @Override
  Value call(Run run, Arguments arguments) {
    requireFitting(arguments);
    var scope = new Scope(definition);
    if (arguments.named().containsKey("caller")) {
      scope.set("caller", arguments.named("caller"));
    }
    return interpreter.expand(signature, body, scope, arguments);
  }

  private void requireFitting(Arguments arguments) {
    var parameters = signature.parameters();
    if (arguments.size() > parameters.size()) {
      throw new Failure(signature.name() + ": too many arguments");
    }
    var names = new HashSet<>(arguments.named().keySet());
    names.remove("caller");
    boolean twice = parameters.subList(0, arguments.size()).stream().anyMatch(names::contains);
    if (twice || !parameters.containsAll(names)) {
      throw new Failure(signature.name() + ": duplicate or unknown keyword argument");
    }
  }

  @Override
  public Kind kind() {
    return Kind.MAP;
  }

  @Override
  String words() {
    return "<macro " + signature.name() + ">";
  }
}
