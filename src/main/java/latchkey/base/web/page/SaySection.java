package latchkey.base.web.page;

import io.quarkus.qute.CompletedStage;
import io.quarkus.qute.Expression;
import io.quarkus.qute.Parameter;
import io.quarkus.qute.ResultNode;
import io.quarkus.qute.Scope;
import io.quarkus.qute.SectionBlock;
import io.quarkus.qute.SectionHelper;
import io.quarkus.qute.SectionHelperFactory;
import io.quarkus.qute.SingleResultNode;
import io.quarkus.qute.TemplateException;
import io.quarkus.qute.Variant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import latchkey.base.language.Catalogue;
import latchkey.base.language.Message;
import latchkey.base.language.Translation;

/// `{#say key name=value /}`: the text `key` in the language of the page. What stands at a
/// placeholder is given by name, or, if it needs markup, as a block of that name:
///
/// ```
/// {#say latchkey.start.signed_in}{#mxid}<strong dir="ltr">{matrixId}</strong>{/mxid}{/say}
/// ```
///
/// `{#say message=expression /}` says a [Message] that was chosen in Java.
///
/// A text that is not there, or that asks for something not given, is a fault of the template.
final class SaySection implements SectionHelperFactory<SectionHelper> {
  /// The attribute that holds the translation.
  static final String TRANSLATION = "translation";

  static final String NAME = "say";
  private static final String KEY = "key";
  private static final String COUNT = "count";
  private static final String MESSAGE = "message";

  private final Catalogue catalogue;

  SaySection(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  @Override
  public List<String> getDefaultAliases() {
    return List.of(NAME);
  }

  @Override
  public ParametersInfo getParameters() {
    return ParametersInfo.builder()
        .addParameter(Parameter.builder(KEY).optional().build())
        .checkNumberOfParams(false)
        .build();
  }

  @Override
  public boolean treatUnknownSectionsAsBlocks() {
    return true;
  }

  @Override
  public Scope initializeBlock(Scope outerScope, BlockInfo block) {
    if (block.isMainBlock()) {
      block
          .getParameters()
          .forEach(
              (name, value) -> {
                if (!name.equals(KEY)) {
                  block.addExpression(name, value);
                }
              });
    }
    return outerScope;
  }

  @Override
  public SectionHelper initialize(SectionInitContext context) {
    var key = context.getParameter(KEY);
    var values = new LinkedHashMap<String, Expression>();
    context
        .getParameters()
        .forEach(
            (name, _) -> {
              if (!name.equals(KEY)) {
                values.put(name, context.getExpression(name));
              }
            });
    var blocks = new LinkedHashMap<String, SectionBlock>();
    context.getBlocks().stream().skip(1).forEach(block -> blocks.put(block.label, block));
    if (key == null) {
      return new SayingMessage(requireMessage(values, context), words(context));
    }
    requireEverything(key, values, blocks, context);
    return new Saying(key, values, blocks, words(context));
  }

  private static Expression requireMessage(
      Map<String, Expression> values, SectionInitContext context) {
    var message = values.get(MESSAGE);
    if (message == null) {
      throw fault(context, "say what? A key or message=… is missing");
    }
    return message;
  }

  private void requireEverything(
      String key,
      Map<String, Expression> values,
      Map<String, SectionBlock> blocks,
      SectionInitContext context) {
    for (var translation : catalogue.translations()) {
      if (!translation.has(key)) {
        throw fault(context, "there is no text " + key);
      }
      var missing = new TreeSet<>(translation.placeholders(key));
      missing.removeAll(values.keySet());
      missing.removeAll(blocks.keySet());
      if (!missing.isEmpty()) {
        throw fault(
            context,
            "the text %s needs %s in %s"
                .formatted(key, String.join(", ", missing), translation.language()));
      }
    }
  }

  private static TemplateException fault(SectionInitContext context, String reason) {
    return new TemplateException(context.getOrigin(), reason);
  }

  /// What becomes of words in a template of this kind.
  private static UnaryOperator<String> words(SectionInitContext context) {
    boolean plain =
        context
            .getOrigin()
            .getVariant()
            .filter(variant -> Variant.TEXT_PLAIN.equals(variant.getContentType()))
            .isPresent();
    return plain ? UnaryOperator.identity() : SaySection::escaped;
  }

  private record SayingMessage(Expression message, UnaryOperator<String> words)
      implements SectionHelper {
    @Override
    public CompletionStage<ResultNode> resolve(SectionResolutionContext context) {
      return context
          .evaluate(message)
          .thenApply(
              value ->
                  value instanceof Message chosen
                      ? new SingleResultNode(words.apply(translation(context).say(chosen)))
                      : new SingleResultNode(""));
    }
  }

  /// One use of a text.
  private record Saying(
      String key,
      Map<String, Expression> values,
      Map<String, SectionBlock> blocks,
      UnaryOperator<String> words)
      implements SectionHelper {
    @Override
    public CompletionStage<ResultNode> resolve(SectionResolutionContext context) {
      return context
          .evaluate(values)
          .thenCombine(rendered(context), (given, markup) -> say(context, given, markup));
    }

    private CompletionStage<Map<String, String>> rendered(SectionResolutionContext context) {
      CompletionStage<Map<String, String>> all = CompletedStage.of(new LinkedHashMap<>());
      for (var block : blocks.entrySet()) {
        var one = context.execute(block.getValue(), context.resolutionContext());
        all =
            all.thenCombine(
                one,
                (map, node) -> {
                  var html = new StringBuilder();
                  node.process(html::append);
                  map.put(block.getKey(), html.toString().strip());
                  return map;
                });
      }
      return all;
    }

    private ResultNode say(
        SectionResolutionContext context, Map<String, Object> given, Map<String, String> markup) {
      var translation = translation(context);
      var message = Message.of(key);
      if (given.get(COUNT) instanceof Number count) {
        message = message.counting(count.longValue());
      }
      return new SingleResultNode(
          translation.say(
              message,
              words,
              name ->
                  markup.containsKey(name)
                      ? markup.get(name)
                      : words.apply(translation.isolated(String.valueOf(given.get(name))))));
    }
  }

  private static Translation translation(SectionHelper.SectionResolutionContext context) {
    return (Translation) context.resolutionContext().getAttribute(TRANSLATION);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
