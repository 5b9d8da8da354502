package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import latchkey.base.config.Faults;
import latchkey.base.config.Section;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class ConfigurationPageTest {
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("latchkey");

  private static final Path PAGE = Path.of("docs/admin/configuration.md");

  /// What can be asked of a section without saying anything of a key.
  private static final Set<String> SAY_NOTHING =
      Set.of(
          "faults",
          "ignore",
          "isNull",
          "later",
          "likelyTypo",
          "opensFiles",
          "path",
          "warnOfUnknown");

  @Test
  void the_page_says_what_the_readers_say() throws IOException {
    assertThat(ConfigurationPage.text())
        .as("out of date: ./latchkey config docs -o %s", PAGE)
        .isEqualTo(Files.readString(PAGE));
  }

  @Test
  void the_verb_prints_the_page() {
    var run = CommandLineRun.of("config", "docs");

    assertThat(run.exit()).isZero();
    assertThat(run.out()).isEqualTo(ConfigurationPage.text());
  }

  /// Else the page would be silent about a key that is read only under a condition nobody tried.
  @Test
  void no_line_that_looks_up_a_key_is_missed() {
    var heard = new TreeSet<String>();

    Settings.everythingSaid(_ -> heard.add(reader()));

    var missed = linesThatCall(ConfigurationPageTest::saysSomething);
    assertThat(missed).hasSizeGreaterThan(200);
    missed.removeAll(heard);
    assertThat(missed).isEmpty();
  }

  private static String reader() {
    return StackWalker.getInstance()
        .walk(frames -> frames.filter(frame -> isReader(frame.getClassName())).findFirst())
        .map(frame -> frame.getClassName() + ":" + frame.getLineNumber())
        .orElseThrow();
  }

  /// Of the rules, the page and the fixtures know.
  @Test
  void no_reader_tells_a_fault_that_is_not_a_rule() {
    assertThat(linesThatCall(ConfigurationPageTest::tellsFault)).isEmpty();
  }

  private static Set<String> linesThatCall(Predicate<JavaMethodCall> wanted) {
    var lines = new TreeSet<String>();
    HOUSE.stream()
        .filter(type -> isReader(type.getName()))
        .flatMap(type -> type.getMethodCallsFromSelf().stream())
        .filter(wanted)
        .forEach(call -> lines.add(call.getOriginOwner().getName() + ":" + call.getLineNumber()));
    return lines;
  }

  private static boolean tellsFault(JavaMethodCall call) {
    return call.getTargetOwner().isEquivalentTo(Faults.class)
        && call.getTarget().getName().equals("add");
  }

  private static boolean saysSomething(JavaMethodCall call) {
    return call.getTargetOwner().isEquivalentTo(Section.class)
        && !SAY_NOTHING.contains(call.getTarget().getName());
  }

  /// What is taken over is read out of files that are not ours.
  private static boolean isReader(String type) {
    return type.startsWith("latchkey.")
        && !type.startsWith("latchkey.endpoint.takeover.")
        && !type.startsWith(Section.class.getPackageName() + ".")
        && !type.startsWith(ConfigurationPageTest.class.getName());
  }
}
