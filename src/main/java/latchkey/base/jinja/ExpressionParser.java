package latchkey.base.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import latchkey.base.jinja.Expression.Passed;

/// Reads expressions, the loosest operator first.
final class ExpressionParser {
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
  private static final int MOST_ARGUMENTS = 2000;

  private final Tokens tokens;
  private final Names names;

  ExpressionParser(Tokens tokens, Names names) {
    this.tokens = tokens;
    this.names = names;
  }

  Expression parse() {
    tokens.enter();
    var expression = choice();
    tokens.leave();
    return expression;
  }

  /// Where an `if` that follows belongs to something else.
  Expression parseWithoutIf() {
    return or();
  }

  private Expression choice() {
    var expression = or();
    while (tokens.takeName("if")) {
      var condition = or();
      expression =
          new Expression.Choice(condition, expression, tokens.takeName("else") ? parse() : null);
    }
    return expression;
  }

  private Expression or() {
    var left = and();
    while (tokens.takeName("or")) {
      left = new Expression.Either(true, left, and());
    }
    return left;
  }

  private Expression and() {
    var left = not();
    while (tokens.takeName("and")) {
      left = new Expression.Either(false, left, not());
    }
    return left;
  }

  private Expression not() {
    if (!tokens.takeName("not")) {
      return comparison();
    }
    tokens.enter();
    var negated = new Expression.Not(not());
    tokens.leave();
    return negated;
  }

  private Expression comparison() {
    var operands = new ArrayList<Expression>();
    var operators = new ArrayList<String>();
    operands.add(sum());
    while (true) {
      var token = tokens.peek();
      if (token.type() == Token.Type.OPERATOR && COMPARISONS.contains(token.text())) {
        operators.add(tokens.next().text());
      } else if (tokens.takeName("in")) {
        operators.add("in");
      } else if (tokens.takeName("not")) {
        tokens.requireName("in");
        operators.add("not in");
      } else {
        break;
      }
      operands.add(sum());
    }
    return operators.isEmpty()
        ? operands.getFirst()
        : new Expression.Comparison(operators, operands);
  }

  private Expression sum() {
    return chain(Set.of("+", "-"), this::concatenation);
  }

  private Expression concatenation() {
    return chain(Set.of("~"), this::product);
  }

  private Expression product() {
    return chain(Set.of("*", "/", "//", "%"), this::power);
  }

  private Expression power() {
    return chain(Set.of("**"), this::unary);
  }

  private Expression chain(Set<String> operators, Supplier<Expression> operand) {
    var left = operand.get();
    while (tokens.peek().type() == Token.Type.OPERATOR
        && operators.contains(tokens.peek().text())) {
      left = new Expression.Calculation(tokens.next().text(), left, operand.get());
    }
    return left;
  }

  private Expression unary() {
    return filters(negation());
  }

  private Expression negation() {
    return postfix(sign());
  }

  private Expression sign() {
    if (!tokens.takeOperator("-")) {
      return primary();
    }
    tokens.enter();
    var negated = new Expression.Negation(sign());
    tokens.leave();
    return negated;
  }

  private Expression postfix(Expression start) {
    var expression = start;
    while (true) {
      if (tokens.takeOperator(".")) {
        expression = member(expression);
      } else if (tokens.takeOperator("[")) {
        expression = subscript(expression);
      } else if (tokens.seesOperator("(")) {
        expression = call(expression);
      } else {
        return expression;
      }
    }
  }

  private Expression member(Expression of) {
    return switch (tokens.peek().type()) {
      case NAME -> new Expression.Attribute(of, tokens.next().text());
      case INTEGER -> new Expression.Item(of, new Expression.Constant(Numbers.integer(tokens)));
      default -> throw tokens.unexpected("a name or a number");
    };
  }

  private Expression subscript(Expression of) {
    var none = new Expression.Constant(Nothing.NONE);
    Expression start = none;
    if (!tokens.seesOperator(":")) {
      start = parse();
      if (tokens.takeOperator("]")) {
        return new Expression.Item(of, start);
      }
    }
    tokens.requireOperator(":");
    boolean hasStop = !tokens.seesOperator("]") && !tokens.seesOperator(":");
    Expression stop = hasStop ? parse() : none;
    boolean hasStep = tokens.takeOperator(":") && !tokens.seesOperator("]");
    Expression step = hasStep ? parse() : none;
    tokens.requireOperator("]");
    return new Expression.Slice(of, start, stop, step);
  }

  private Expression call(Expression of) {
    if (of instanceof Expression.Variable(var name)) {
      names.called(name, tokens.line());
    }
    return new Expression.Call(of, passed());
  }

  private Expression filters(Expression start) {
    var expression = start;
    while (true) {
      if (tokens.takeOperator("|")) {
        var filter = filter();
        expression = new Expression.Filter(filter.name(), expression, filter.passed());
      } else if (tokens.takeName("is")) {
        expression = test(expression);
      } else {
        return expression;
      }
    }
  }

  /// A name and what is passed, after the bar.
  Statement.Applied filter() {
    int line = tokens.line();
    var name = tokens.requireAnyName();
    names.filter(name, line);
    return new Statement.Applied(name, tokens.seesOperator("(") ? passed() : Passed.NOTHING);
  }

  private Expression test(Expression of) {
    boolean negated = tokens.takeName("not");
    int line = tokens.line();
    var name = tokens.requireAnyName();
    names.test(name, line);
    var passed = Passed.NOTHING;
    if (tokens.seesOperator("(")) {
      passed = passed();
    } else if (seesOperand()) {
      passed = new Passed(List.of(negation()), List.of(), Map.of(), List.of());
    }
    var test = new Expression.Test(name, of, passed);
    return negated ? new Expression.Not(test) : test;
  }

  /// Whether a test is followed by what it compares with.
  private boolean seesOperand() {
    return switch (tokens.peek().type()) {
      case STRING, INTEGER, FRACTION -> true;
      case NAME -> !Set.of("and", "or", "else", "is").contains(tokens.peek().text());
      case OPERATOR -> Set.of("+", "-", "[", "{").contains(tokens.peek().text());
      default -> false;
    };
  }

  /// Arguments in parentheses.
  private Passed passed() {
    var positional = new ArrayList<Expression>();
    var spread = new ArrayList<Integer>();
    var named = new LinkedHashMap<String, Expression>();
    var spreadNames = new ArrayList<Expression>();
    tokens.requireOperator("(");
    boolean first = true;
    while (!tokens.takeOperator(")")) {
      if (!first) {
        tokens.requireOperator(",");
        if (tokens.takeOperator(")")) {
          break;
        }
      }
      first = false;
      if (tokens.takeOperator("**")) {
        spreadNames.add(parse());
      } else if (tokens.takeOperator("*")) {
        spread.add(positional.size());
        positional.add(parse());
      } else {
        argument(positional, named, !spreadNames.isEmpty());
      }
      if (positional.size() + named.size() > MOST_ARGUMENTS) {
        throw tokens.problem("these are too many arguments");
      }
    }
    return new Passed(positional, spread, named, spreadNames);
  }

  private void argument(
      List<Expression> positional, Map<String, Expression> named, boolean onlyNamed) {
    var expression = parse();
    if (expression instanceof Expression.Variable(var name) && tokens.takeOperator("=")) {
      named.put(name, parseWithoutIf());
    } else if (onlyNamed || !named.isEmpty()) {
      throw tokens.problem("an argument without name after one with a name");
    } else {
      positional.add(expression);
    }
  }

  private Expression primary() {
    tokens.enter();
    var expression = unguarded();
    tokens.leave();
    return expression;
  }

  private Expression unguarded() {
    return switch (tokens.peek().type()) {
      case NAME -> name(tokens.next().text());
      case STRING -> string();
      case INTEGER -> new Expression.Constant(Numbers.integer(tokens));
      case FRACTION -> new Expression.Constant(Numbers.fraction(tokens));
      case OPERATOR -> bracketed();
      default -> throw tokens.unexpected("an expression");
    };
  }

  private static Expression name(String name) {
    return switch (name) {
      case "true", "True" -> new Expression.Constant(Value.of(true));
      case "false", "False" -> new Expression.Constant(Value.of(false));
      case "none", "None" -> new Expression.Constant(Nothing.NONE);
      default -> new Expression.Variable(name);
    };
  }

  /// Strings that follow each other are one.
  private Expression string() {
    var text = new StringBuilder();
    while (tokens.peek().type() == Token.Type.STRING) {
      text.append(tokens.next().text());
    }
    return new Expression.Constant(Value.of(text.toString()));
  }

  private Expression bracketed() {
    if (tokens.takeOperator("(")) {
      return tuple();
    }
    if (tokens.takeOperator("[")) {
      return new Expression.ListOf(items("]", new ArrayList<>()));
    }
    if (tokens.takeOperator("{")) {
      return map();
    }
    throw tokens.unexpected("an expression");
  }

  private Expression tuple() {
    if (tokens.takeOperator(")")) {
      return new Expression.ListOf(List.of());
    }
    var first = parse();
    if (tokens.takeOperator(")")) {
      return first;
    }
    var items = new ArrayList<Expression>();
    items.add(first);
    return new Expression.ListOf(items(")", items));
  }

  private List<Expression> items(String end, List<Expression> items) {
    while (!tokens.takeOperator(end)) {
      if (!items.isEmpty()) {
        tokens.requireOperator(",");
        if (tokens.takeOperator(end)) {
          break;
        }
      }
      items.add(parse());
    }
    return items;
  }

  private Expression map() {
    var keys = new ArrayList<Expression>();
    var values = new ArrayList<Expression>();
    while (!tokens.takeOperator("}")) {
      if (!keys.isEmpty()) {
        tokens.requireOperator(",");
        if (tokens.takeOperator("}")) {
          break;
        }
      }
      keys.add(parse());
      tokens.requireOperator(":");
      values.add(parse());
    }
    return new Expression.MapOf(keys, values);
  }
}
