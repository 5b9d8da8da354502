package latchkey.base.web.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import latchkey.base.language.Message;
import latchkey.cli.Rooms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Templates as an admin replaces them. What is built in is held to the same.
class TemplatesTest {
  @TempDir private Path folder;

  /// A page that needs no room.
  private record NotePage(Frame frame, Kind kind, List<Line> lines, Message message)
      implements Page {
    enum Kind {
      SHORT,
      LONG
    }

    record Line(String text, int number) {}

    static NotePage in(Frame frame) {
      return new NotePage(
          frame, Kind.LONG, List.of(new Line("<one>", 1)), Message.of("action.sign_in"));
    }
  }

  private static final List<PageSamples> NOTES =
      List.of(frame -> List.of(new PageSamples.Sample("note", NotePage.in(frame))));

  @Test
  void every_page_can_be_shown_in_every_language_with_what_is_built_in() throws Exception {
    var set = TemplateSet.read(TemplateSource.BUILT_IN);

    var found = set.examine(set.samples(Rooms.withPages(), Templates::frame));

    assertThat(found.faults()).isEmpty();
  }

  @Test
  void every_template_belongs_to_a_page_with_samples() throws Exception {
    var set = TemplateSet.read(new TemplateSource(Path.of("templates"), null, false));

    var found = set.examine(set.samples(Rooms.withPages(), Templates::frame));

    assertThat(set.laidOver()).contains("LoginPage", "layout");
    assertThat(found.unused()).isEmpty();
  }

  @Test
  void markup_is_ours_and_nothing_else_is() throws Exception {
    write(
        "NotePage",
        "{#include layout}{#title}n{/title}{#main}{#for l in lines}{l.text}{/for}{/main}{/include}");

    assertThat(load().render(note("en"))).contains("&lt;one&gt;").doesNotContain("<one>");
  }

  @Test
  void a_text_is_said_in_the_language_of_the_page() throws Exception {
    write(
        "NotePage",
        "{#say latchkey.start.signed_in_as}{#mxid}<b>{lines.size}</b>{/mxid}{/say}, {#say message=message /}");

    assertThat(load().render(note("en")))
        .isEqualTo("This browser is signed in as <b>1</b>., Sign in");
    assertThat(load().render(note("de")))
        .isEqualTo("Dieser Browser ist angemeldet als <b>1</b>., Anmelden");
  }

  @Test
  void what_is_not_laid_over_stays_as_it_was() throws Exception {
    write("NotePage", "{#include layout}{#title}Note{/title}{#main}<p>Mine</p>{/main}{/include}");

    assertThat(load().render(note("en")))
        .contains("<title>Note · Example</title>", "<p>Mine</p>", "assets/latchkey.css");
  }

  @ParameterizedTest(name = "{0}: line {1}, {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a/n{#if kind}b                            | 2 | if",
        "a/n{name}                                 | 2 | the page has no name",
        "{frame.colour}                            | 1 | frame has no colour",
        "{#for l in lines}/n{l.colour}/n{/for}     | 2 | l has no colour",
        "{#for l in line}{/for}                    | 1 | the page has no line",
        "{#if name}{/if}                           | 1 | the page has no name",
        "{#switch kind}{#case BROAD}x{/switch}     | 1 | BROAD is none of SHORT, LONG",
        "{#let x=name}{x}{/let}                    | 1 | the page has no name",
        "{lines.get(name).text}                    | 1 | the page has no name",
        "{inject:secrets.encryption}               | 1 | inject:",
        "/n/n{#say no.such.text /}                 | 3 | there is no text no.such.text",
        "{#say latchkey.start.signed_in_as /}      | 1 | needs mxid",
        "{#say /}                                  | 1 | say what",
        "{#include nowhere /}                      | 1 | there is no template nowhere",
        "{#include NotePage /}                     | 1 | includes itself",
        "{#nonsense /}                             | 1 | nonsense",
      })
  void a_template_that_cannot_be_used_is_told_with_file_line_and_reason(
      String template, int line, String reason) throws IOException {
    write("NotePage", template.replace("/n", "\n"));

    assertThatThrownBy(this::load)
        .isInstanceOfSatisfying(
            UnusableTemplates.class,
            e ->
                assertThat(e.faults())
                    .first()
                    .asString()
                    .startsWith(folder.resolve("NotePage.html") + ":" + line + ": ")
                    .contains(reason));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{frame.imprint ?: 'nothing'}",
        "{#if frame.policyUri && !frame.tosUri}{frame.language}{/if}",
        "{#for l in lines}{l_count}{#if l_hasNext},{/if}{l.number}{#else}none{/for}",
        "{#let all=lines}{all.size}{#each all}{it.text}{/each}{/let}",
        "{#switch kind}{#case SHORT}s{#case LONG}l{#else}?{/switch}",
        "{kind.name}{lines.isEmpty}{frame.serviceName.length}{frame.serviceName.toUpperCase}",
        "{#if lines.size > 0 and kind == 'LONG'}{lines.get(0).text.raw}{/if}",
        "{! a remark !}{|{not an expression}|}",
      })
  void what_qute_can_do_is_allowed(String template) throws Exception {
    write("NotePage", template);

    assertThat(load().render(note("de"))).isNotNull();
  }

  @Test
  void a_faulty_layout_is_told_once() throws Exception {
    write("NotePage", "{#include layout}{#title}n{/title}{#main}{/main}{/include}");
    write("layout", "{#insert title}{/}\n{frame.logo}");

    assertThatThrownBy(this::load)
        .isInstanceOfSatisfying(
            UnusableTemplates.class,
            e ->
                assertThat(e.faults())
                    .singleElement()
                    .asString()
                    .contains("layout.html:2: ", "frame has no logo"));
  }

  @Test
  void templates_of_another_program_are_passed_over() throws Exception {
    Files.createDirectories(folder.resolve("pages"));
    Files.writeString(folder.resolve("pages/login.html"), "{% extends \"base.html\" %}");
    write("NotePage", "{broken");

    var set = TemplateSet.read(new TemplateSource(folder, null, false));

    assertThat(set.laidOver()).isEmpty();
    assertThat(set.remarks()).singleElement().asString().contains("pages/login.html", "Jinja");
  }

  @Test
  void a_template_that_no_page_uses_is_found() throws Exception {
    write("NotePage", "{#include part /}");
    write("part", "{frame.base}");
    write("LogInPage", "{anything}");
    var set = TemplateSet.read(new TemplateSource(folder, null, false));

    var found = set.examine(set.samples(NOTES, Templates::frame));

    assertThat(found.faults()).isEmpty();
    assertThat(found.unused()).containsExactly(folder.resolve("LogInPage.html").toString());
  }

  @Test
  void reading_again_takes_what_is_good_and_keeps_what_was_before_what_is_not() throws Exception {
    write("NotePage", "first");
    var templates = load();

    write("NotePage", "second");
    assertThat(templates.render(note("en"))).isEqualTo("first");
    templates.reload();
    assertThat(templates.render(note("en"))).isEqualTo("second");
    write("NotePage", "{third}");
    templates.reload();
    assertThat(templates.render(note("en"))).isEqualTo("second");
    write("NotePage", "fourth");
    templates.reload();
    assertThat(templates.render(note("en"))).isEqualTo("fourth");
  }

  @Test
  void live_templates_show_an_edit_at_once_and_a_broken_one_never() throws Exception {
    write("NotePage", "first");
    var templates = Templates.load(new TemplateSource(folder, null, true), NOTES);

    assertThat(templates.render(note("en"))).isEqualTo("first");
    write("NotePage", "second, longer");
    assertThat(templates.render(note("en"))).isEqualTo("second, longer");
    write("NotePage", "{broken");
    assertThat(templates.render(note("en"))).isEqualTo("second, longer");
    write("NotePage", "third");
    assertThat(templates.render(note("en"))).isEqualTo("third");
  }

  @Test
  void all_samples_have_names_of_their_own() {
    var frame = note("en").frame();
    for (var room : Rooms.withPages()) {
      var names = new HashSet<String>();
      for (var sample : room.in(frame)) {
        assertThat(names.add(sample.page().template() + " " + sample.name())).isTrue();
      }
    }
  }

  private Templates load() throws UnusableTemplates {
    return Templates.load(new TemplateSource(folder, null, false), NOTES);
  }

  private static NotePage note(String language) {
    var translation = latchkey.base.language.Catalogue.builtIn().in(language);
    return NotePage.in(new Frame(translation, "Example", "/", null, null, null));
  }

  private void write(String name, String template) throws IOException {
    Files.writeString(folder.resolve(name + ".html"), template);
  }
}
