package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real process, as it is shipped, once it runs.
@Tag("slow")
class RunningServerTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @Test
  void sighup_reads_templates_and_texts_again_and_what_is_broken_changes_nothing()
      throws Exception {
    var page = Files.createDirectory(folder.resolve("templates")).resolve("StartPage.html");
    var texts = Files.createDirectory(folder.resolve("texts")).resolve("en.json");
    var ours = Files.readString(Path.of("templates/StartPage.html"));
    Files.writeString(page, ours.replace("{/main}", "<p>first page</p>{/main}"));
    Files.writeString(texts, signIn("First text"));
    try (var server = new ShippedServer(folder)) {
      server.start(
          "templates: {path: '%s', translations_path: '%s'}\n"
              .formatted(page.getParent(), texts.getParent()));
      server.awaitLine("latchkey  - ready");
      assertThat(server.get("/").body()).contains("first page", "First text");

      Files.writeString(page, ours.replace("{/main}", "<p>second page</p>{/main}"));
      Files.writeString(texts, signIn("Second text"));
      assertThat(server.get("/").body()).as("nobody asked").contains("first page", "First text");
      server.signal("HUP");
      server.awaitLine("templates and translations were read again");
      assertThat(server.get("/").body()).contains("second page", "Second text");

      Files.writeString(page, ours.replace("{/main}", "{nonsense}<p>third page</p>{/main}"));
      Files.writeString(texts, signIn("Third text"));
      server.signal("HUP");
      server.awaitLine("the pages stay as they were: " + page + ":");
      assertThat(server.get("/").body()).contains("second page", "Second text");

      server.signal("TERM");
      assertThat(server.awaitExit()).isZero();
    }
  }

  @Test
  void without_ipv6_every_address_is_every_address_of_ipv4() throws Exception {
    try (var server = new ShippedServer(folder)) {
      server.setVariable("JAVA_TOOL_OPTIONS", "-Djava.net.preferIPv4Stack=true");
      server.start("http: {listeners: [{resources: [{name: health}], binds: [{port: 0}]}]}\n");
      server.awaitLine("latchkey  - ready");

      var port =
          server.said().replaceFirst("(?s).*listening on http://0\\.0\\.0\\.0:(\\d+) .*", "$1");
      try (var socket = new Socket("127.0.0.1", Integer.parseInt(port))) {
        assertThat(socket.isConnected()).isTrue();
      }
    }
  }

  private static String signIn(String words) {
    return "{\"action\": {\"sign_in\": \"" + words + "\"}}";
  }
}
