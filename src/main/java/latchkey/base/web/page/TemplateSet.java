package latchkey.base.web.page;

import io.quarkus.qute.Engine;
import io.quarkus.qute.HtmlEscaper;
import io.quarkus.qute.ReflectionValueResolver;
import io.quarkus.qute.TemplateException;
import io.quarkus.qute.TemplateLocator.TemplateLocation;
import io.quarkus.qute.Variant;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import latchkey.base.language.Catalogue;
import latchkey.base.language.Translation;
import org.jspecify.annotations.Nullable;

/// All templates and translations, as they were at one reading.
public final class TemplateSet {
  private static final String BUILT_IN = "/templates/";

  private final Catalogue catalogue;
  private final @Nullable Path folder;
  private final Map<String, String> laidOver;
  private final List<String> remarks;
  private final Engine engine;

  private TemplateSet(
      Catalogue catalogue,
      @Nullable Path folder,
      Map<String, String> laidOver,
      List<String> remarks) {
    this.catalogue = catalogue;
    this.folder = folder;
    this.laidOver = laidOver;
    this.remarks = List.copyOf(remarks);
    this.engine =
        Engine.builder()
            .addDefaults()
            .addValueResolver(new RecordResolver())
            .addValueResolver(new ReflectionValueResolver())
            .addResultMapper(new HtmlEscaper(List.of(Variant.TEXT_HTML)))
            .addSectionHelper(new SaySection(catalogue))
            .addLocator(this::locate)
            .build();
  }

  /// Reads what is built in and what an admin laid over it.
  ///
  /// @throws UnusableTemplates if something cannot be read; what cannot be filled shows [#faults]
  public static TemplateSet read(TemplateSource source) throws UnusableTemplates {
    try {
      var catalogue = Catalogue.load(source.translations());
      var remarks = new ArrayList<>(catalogue.remarks());
      var folder = source.templates();
      var laidOver = folder == null ? Map.<String, String>of() : laidOver(folder, remarks);
      return new TemplateSet(catalogue, folder, laidOver, remarks);
    } catch (Catalogue.UnusableTranslations e) {
      throw new UnusableTemplates(e.problems(), e);
    } catch (IOException e) {
      throw new UnusableTemplates(
          List.of(source.templates() + ": cannot be read (" + e.getMessage() + ")"), e);
    }
  }

  private static Map<String, String> laidOver(Path folder, List<String> remarks)
      throws IOException {
    var jinja = TemplateFolder.jinja(folder);
    if (jinja != null) {
      remarks.add(
          "templates.path: "
              + jinja
              + " is written for another program (Jinja) and cannot be used; the built-in pages"
              + " are shown");
      return Map.of();
    }
    return TemplateFolder.read(folder);
  }

  public Catalogue catalogue() {
    return catalogue;
  }

  /// The names of the templates an admin laid over.
  public Set<String> laidOver() {
    return laidOver.keySet();
  }

  /// What an admin should hear, though pages can be shown.
  public List<String> remarks() {
    return remarks;
  }

  /// The page in its language.
  public String render(Page page) {
    return render(page, page.template());
  }

  /// The letter as plain text.
  public String renderText(Letter letter) {
    return render(letter, letter.textTemplate());
  }

  private String render(Page page, String template) {
    return engine
        .getTemplate(template)
        .instance()
        .data(page)
        .setAttribute(SaySection.TRANSLATION, page.frame().translation())
        .render();
  }

  /// Every sample of these rooms in every language.
  public List<PageSamples.Sample> samples(
      List<PageSamples> rooms, Function<Translation, Frame> frames) {
    return catalogue.translations().stream()
        .map(frames)
        .flatMap(frame -> rooms.stream().flatMap(room -> room.in(frame).stream()))
        .toList();
  }

  /// What an examination found.
  ///
  /// @param faults keep a page from being shown
  /// @param unused templates an admin laid over nothing
  public record Findings(Set<TemplateFault> faults, List<String> unused) {}

  /// Checks the template of every sample, then fills it.
  public Findings examine(List<PageSamples.Sample> samples) {
    var check = new TemplateCheck(engine, this::file);
    var seen = new HashSet<Class<?>>();
    for (var sample : samples) {
      if (sample.page() instanceof Record page && seen.add(page.getClass())) {
        templates(sample.page()).forEach(name -> check.check(page.getClass(), name));
      }
    }
    var faults = new LinkedHashSet<>(check.faults());
    if (faults.isEmpty()) {
      // Only now: what names nothing would fail here too, in worse words.
      samples.forEach(sample -> tryOut(sample.page(), faults));
    }
    var unused = new TreeSet<>(laidOver.keySet());
    unused.removeAll(check.used());
    return new Findings(faults, unused.stream().map(this::file).toList());
  }

  private void tryOut(Page page, Set<TemplateFault> faults) {
    for (var template : templates(page)) {
      try {
        render(page, template);
      } catch (TemplateException e) {
        var origin = e.getOrigin();
        var name = origin == null ? template : origin.getTemplateId();
        faults.add(TemplateFault.of(e, file(name)));
      }
    }
  }

  private static List<String> templates(Page page) {
    return page instanceof Letter letter
        ? List.of(letter.template(), letter.textTemplate())
        : List.of(page.template());
  }

  /// A template as an admin knows it.
  private String file(String name) {
    return laidOver.containsKey(name) && folder != null
        ? folder.resolve(TemplateFolder.file(name)).toString()
        : "built-in templates/" + TemplateFolder.file(name);
  }

  private Optional<TemplateLocation> locate(String name) {
    var mine = laidOver.get(name);
    var kind = TemplateFolder.isText(name) ? Variant.TEXT_PLAIN : Variant.TEXT_HTML;
    return Optional.ofNullable(mine == null ? builtIn(name) : mine)
        .map(content -> new Source(content, kind));
  }

  private static @Nullable String builtIn(String name) {
    try (var stream = TemplateSet.class.getResourceAsStream(BUILT_IN + TemplateFolder.file(name))) {
      return stream == null ? null : new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Source(String content, String kind) implements TemplateLocation {
    @Override
    public Reader read() {
      return new StringReader(content);
    }

    @Override
    public Optional<Variant> getVariant() {
      return Optional.of(Variant.forContentType(kind));
    }
  }
}
