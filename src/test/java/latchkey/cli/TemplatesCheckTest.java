package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `templates check`, and what a server makes of the same folders.
class TemplatesCheckTest {
  private static final String PLACE = "http: {public_base: 'https://auth.example.com/'}\n";

  @TempDir private Path folder;

  private final StringWriter err = new StringWriter();

  @Test
  void what_is_built_in_is_good() throws IOException {
    assertThat(check(PLACE)).isZero();

    assertThat(err.toString()).contains("pages in en, de are good.").doesNotContain("warning");
  }

  @Test
  void a_template_that_cannot_be_used_is_exit_code_1_with_file_line_and_reason()
      throws IOException {
    var template = laidOver("LoginPage.html", "\n{frame.colour}");

    assertThat(check(PLACE + config("path"))).isEqualTo(1);

    assertThat(err.toString())
        .contains("error: " + template + ":2: {frame.colour}: frame has no colour")
        .doesNotContain("Exception");
  }

  @Test
  void a_server_does_not_start_with_it() throws IOException {
    var template = laidOver("layout.html", "{#if frame.language}");
    var file = Files.writeString(folder.resolve("config.yaml"), config("path"));
    assertThat(run("config", "generate", "-o", folder.resolve("generated.yaml").toString()))
        .isZero();

    assertThat(
            run("server", "-c", folder.resolve("generated.yaml").toString(), "-c", file.toString()))
        .isEqualTo(1);

    assertThat(err.toString())
        .contains("error: " + template + ":1: ")
        .doesNotContain("Exception", "Quarkus");
  }

  @Test
  void a_broken_translation_is_told_the_same_way() throws IOException {
    var file = laidOver("de.json", "{\n\"action\": }");

    assertThat(check(PLACE + config("translations_path"))).isEqualTo(1);

    assertThat(err.toString()).contains("error: " + file + ":2: ").doesNotContain("Exception");
  }

  @Test
  void templates_of_another_program_are_a_warning_and_the_built_in_pages_are_checked()
      throws IOException {
    laidOver("pages/login.html", "{% extends 'base.html' %}");

    assertThat(check(PLACE + config("path"))).isZero();

    assertThat(err.toString().lines().filter(line -> line.startsWith("warning: ")))
        .singleElement()
        .asString()
        .contains("templates.path: ", "login.html", "Jinja");
  }

  @Test
  void a_folder_that_is_not_there_is_a_fault_unless_it_is_where_the_other_program_has_its_own()
      throws IOException {
    assertThat(check(PLACE + "templates: {path: /nowhere/at/all}\n")).isEqualTo(1);
    assertThat(err.toString()).contains("templates.path: a folder that is there is expected");

    err.getBuffer().setLength(0);
    var its = "/usr/local/share/mas-cli/";
    assertThat(
            check(
                PLACE
                    + "templates: {path: %stemplates/, assets_manifest: %smanifest.json, translations_path: %stranslations/}\n"
                        .formatted(its, its, its)))
        .isZero();
    assertThat(err.toString()).doesNotContain("warning");
  }

  @Test
  void the_pages_can_be_written_and_are_the_same_each_time() throws IOException {
    var config = PLACE + "branding: {service_name: Our house, imprint: Us}\n";

    assertThat(check(config, "--out-dir", folder.resolve("one").toString())).isZero();
    assertThat(check(config, "--stabilise", "--out-dir", folder.resolve("two").toString()))
        .isZero();

    var one = files(folder.resolve("one"));
    assertThat(one).isEqualTo(files(folder.resolve("two")));
    assertThat(one.get("en/LoginPage-first.html"))
        .contains("· Our house</title>", "<bdi>Us</bdi>", "href=\"../assets/latchkey.css\"");
    assertThat(one.get("de/LoginPage-first.html")).contains("lang=\"de\"", "Anmelden");
    assertThat(one).containsKey("assets/latchkey.css");
  }

  private static Map<String, String> files(Path folder) throws IOException {
    var files = new TreeMap<String, String>();
    try (var walk = Files.walk(folder)) {
      for (var file : walk.filter(Files::isRegularFile).toList()) {
        files.put(folder.relativize(file).toString(), Files.readString(file));
      }
    }
    return files;
  }

  private String config(String key) {
    return "templates: {" + key + ": '" + folder.resolve("own") + "'}\n";
  }

  private Path laidOver(String name, String content) throws IOException {
    var file = folder.resolve("own").resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private int check(String yaml, String... more) throws IOException {
    var file = Files.writeString(folder.resolve("check.yaml"), yaml);
    var arguments = new ArrayList<String>();
    arguments.addAll(java.util.List.of("templates", "check", "-c", file.toString()));
    arguments.addAll(java.util.List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  private int run(String... arguments) {
    return Latchkey.commandLine(Map.of())
        .setOut(new PrintWriter(new StringWriter(), true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
