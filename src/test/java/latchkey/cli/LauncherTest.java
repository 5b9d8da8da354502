package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./latchkey` on a machine that lacks what it needs.
class LauncherTest {
  private static final List<String> JDK_FOLDERS =
      List.of("/usr/lib/jvm/", "/opt/", "/Library/Java/");

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  private Path launcher;
  private Path tools;

  /// A checkout that was never built, and a PATH with little on it. The folders where systems keep
  /// JDKs are moved into the test's own.
  @BeforeEach
  void a_bare_machine() throws IOException {
    var script = Files.readString(Path.of("latchkey"));
    for (var jdks : JDK_FOLDERS) {
      assertThat(script).contains(" " + jdks);
      script = script.replace(" " + jdks, " " + folder + jdks);
    }
    launcher = Files.writeString(folder.resolve("latchkey"), script);
    Files.writeString(folder.resolve("pom.xml"), "");
    tools = Files.createDirectory(folder.resolve("bin"));
    for (var tool : List.of("dirname", "grep", "sed", "find", "head")) {
      var real =
          Files.exists(Path.of("/usr/bin", tool))
              ? Path.of("/usr/bin", tool)
              : Path.of("/bin", tool);
      Files.createSymbolicLink(tools.resolve(tool), real);
    }
  }

  @Test
  void without_a_jdk_it_says_which_one_to_install() throws Exception {
    var run = run("");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.said())
        .isEqualTo(
            "latchkey: a JDK 25 is missing: set JAVA_HOME to one, or install it"
                + " (Eclipse Temurin 25, for instance).\n");
  }

  @Test
  void a_jdk_of_another_release_is_none() throws Exception {
    var old = jdk("old", "21.0.5");
    var java = Files.writeString(tools.resolve("java"), "#!/bin/sh\necho 'version \"21.0.5\"' >&2");
    assertThat(java.toFile().setExecutable(true)).isTrue();

    assertThat(run(old.toString()).said()).contains("a JDK 25 is missing");
  }

  @Test
  void without_maven_it_says_what_maven_is_for() throws Exception {
    for (var verb : List.of("server", "test")) {
      var run = run(jdk(verb, "25.0.1").toString(), verb);

      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.said())
          .isEqualTo(
              "latchkey: Maven is missing (mvn is not on the PATH); it is needed to build.\n");
    }
  }

  @Test
  void the_tests_fail_if_the_build_or_either_half_of_them_does() throws Exception {
    var home = jdk("jdk", "25.0.1").toString();
    tool("mvn", "echo \"mvn $*\"\ncase \"$*\" in *\"$FAILING\"*) exit 1 ;; esac\n");
    tool("nice", "shift 2\nexec \"$@\"\n");
    tool("chromium", "");
    Files.createSymbolicLink(tools.resolve("cat"), Path.of("/bin/cat"));
    Files.createSymbolicLink(tools.resolve("xargs"), Path.of("/usr/bin/xargs"));
    Files.createDirectory(folder.resolve("target"));
    var tests = Files.createDirectories(folder.resolve("src/test/java"));
    Files.writeString(tests.resolve("WithTest.java"), "@QuarkusTest\nclass WithTest {}\n");
    Files.writeString(tests.resolve("WithoutTest.java"), "class WithoutTest {}\n");

    var good = runAs(launcher, home, Map.of("FAILING", "nothing"), "test");
    assertThat(good.exit()).as(good.said()).isZero();
    assertThat(good.said())
        .contains("-DskipTests", "includesFile=", "excludesFile=", "excludedGroups=soak\n")
        .doesNotContain("SKIPPED");
    assertThat(folder.resolve("target/tests-with-application")).hasContent("WithTest.java\n");
    assertThat(folder.resolve("target/tests-beside")).hasContent("WithTest.java\n**/*$*\n");
    for (var failing : List.of("-DskipTests", "includesFile=", "excludesFile=")) {
      var bad = runAs(launcher, home, Map.of("FAILING", failing), "test");

      assertThat(bad.exit()).as(failing).isEqualTo(1);
    }
  }

  private void tool(String name, String script) throws IOException {
    var file = Files.writeString(tools.resolve(name), "#!/bin/sh\n" + script);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void a_jdk_where_systems_keep_them_needs_no_variable() throws Exception {
    jdk("usr/lib/jvm/temurin-25", "25.0.1");

    assertThat(run("", "server").said()).startsWith("latchkey: Maven is missing");
  }

  @Test
  void under_another_name_by_a_link_it_finds_its_build() throws Exception {
    Files.createSymbolicLink(tools.resolve("readlink"), Path.of("/usr/bin/readlink"));
    var home = aJdkThatTellsWhatItIsTold();
    var app = aBuild();
    var bin = Files.createDirectories(folder.resolve("usr/local/bin"));
    var link = Files.createSymbolicLink(bin.resolve("mas-cli"), launcher);

    var run = runAs(link, home.toString(), "server");

    assertThat(run.said()).endsWith(" -jar " + app.resolve("quarkus-run.jar") + " server\n");
    assertThat(run.exit()).isZero();
  }

  @Test
  void a_server_uses_the_cache_of_its_build_and_says_when_it_has_none() throws Exception {
    var home = aJdkThatTellsWhatItIsTold().toString();
    var jar = aBuild().resolve("quarkus-run.jar");
    var cache = jar.resolveSibling("latchkey.aot");

    assertThat(run(home, "server").said())
        .contains("starting without an AOT cache", "latchkey train")
        .doesNotContain("AOTCache");
    Files.writeString(cache, "");
    Files.setLastModifiedTime(jar, FileTime.fromMillis(System.currentTimeMillis() - 60_000));
    assertThat(run(home, "server").said())
        .contains("-XX:AOTCache=" + cache)
        .doesNotContain("AOT cache");
    Files.setLastModifiedTime(cache, FileTime.fromMillis(System.currentTimeMillis() - 120_000));
    assertThat(run(home, "server").said())
        .contains("the AOT cache is of an earlier build")
        .doesNotContain("AOTCache");
  }

  @Test
  void the_heap_is_small_unless_the_admin_says_otherwise() throws Exception {
    for (var tool : List.of("awk", "cat")) {
      Files.createSymbolicLink(
          tools.resolve(tool),
          Stream.of("/usr/bin/", "/bin/")
              .map(bin -> Path.of(bin, tool))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow());
    }
    var home = aJdkThatTellsWhatItIsTold().toString();
    aBuild();

    assertThat(run(home, "server").said()).containsPattern("-XX:\\+UseSerialGC .*-Xmx[0-9]+m ");
    var own = Map.of("JDK_JAVA_OPTIONS", "-Xmx1g -XX:+UseG1GC");
    assertThat(runAs(launcher, home, own, "server").said()).doesNotContain("-Xmx", "SerialGC");
  }

  @Test
  void native_libraries_come_from_the_build_if_it_has_this_machine_s() throws Exception {
    var home = aJdkThatTellsWhatItIsTold().toString();
    var natives = Files.createDirectories(aBuild().resolve("native"));
    var uname = Files.writeString(tools.resolve("uname"), "#!/bin/sh\necho Linux x86_64\n");
    assertThat(uname.toFile().setExecutable(true)).isTrue();

    assertThat(run(home, "server").said())
        .contains("-Djava.library.path=" + natives.resolve("META-INF/native"))
        .contains("-Djna.library.path=" + natives.resolve("linux-x86-64"));
    Files.writeString(uname, "#!/bin/sh\necho Darwin arm64\n");
    assertThat(run(home, "server").said()).doesNotContain("library.path");
  }

  private Path aJdkThatTellsWhatItIsTold() throws IOException {
    var home = jdk("jdk", "25.0.1");
    Files.writeString(home.resolve("bin/java"), "#!/bin/sh\necho \"java $*\"\n");
    return home;
  }

  /// A build without its sources.
  private Path aBuild() throws IOException {
    var app = Files.createDirectories(folder.resolve("target/quarkus-app"));
    Files.writeString(app.resolve("quarkus-run.jar"), "");
    Files.delete(folder.resolve("pom.xml"));
    return app;
  }

  /// Only the files that are looked at.
  private Path jdk(String name, String version) throws IOException {
    var home = folder.resolve(name);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    assertThat(Files.writeString(home.resolve("bin/java"), "").toFile().setExecutable(true))
        .isTrue();
    return home;
  }

  private record Run(int exit, String said) {}

  private Run run(String javaHome, String... words) throws IOException, InterruptedException {
    return runAs(launcher, javaHome, words);
  }

  private Run runAs(Path script, String javaHome, String... words)
      throws IOException, InterruptedException {
    return runAs(script, javaHome, Map.of(), words);
  }

  private Run runAs(Path script, String javaHome, Map<String, String> more, String... words)
      throws IOException, InterruptedException {
    var line = new ArrayList<>(List.of("/bin/sh", script.toString()));
    line.addAll(List.of(words));
    var builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("PATH", tools.toString());
    builder.environment().put("HOME", folder.resolve("home").toString());
    builder.environment().put("JAVA_HOME", javaHome);
    builder.environment().putAll(more);
    var process = builder.start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return new Run(process.exitValue(), said);
  }
}
