package latchkey.cli.demo;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import latchkey.cli.demo.DemoClient.Visit;

/// The two faces of the demo client, in the house's own stylesheet.
final class DemoPages {
  private DemoPages() {}

  static String home(Visit visit, String latchkeyUrl) {
    return visit.tokens == null ? signedOut(visit, latchkeyUrl) : signedIn(visit);
  }

  static String style() {
    try (var stream = DemoPages.class.getResourceAsStream("/assets/latchkey.css")) {
      return stream == null ? "" : new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String signedOut(Visit visit, String latchkeyUrl) {
    return frame(
        "Demo client",
        told(visit)
            + """
            <h1>A client that knows nobody yet</h1>
            <p>This is a small program that wants to know who you are. It sends you to Latchkey at <code>%s</code>, and gets tokens when you come back.</p>
            <a class="button primary" href="/login">Sign in</a>
            """
                .formatted(escape(latchkeyUrl)));
  }

  private static String signedIn(Visit visit) {
    var tokens = visit.tokens == null ? new JsonObject() : visit.tokens;
    return frame(
        "Demo client, signed in",
        told(visit)
            + "<h1>What this client holds</h1>"
            + table("Shown for once; a real client shows them to nobody", shortened(tokens))
            + "<h2>Claims of the ID token</h2>"
            + table("Claims", DemoTokens.claims(tokens.getString("id_token", "")))
            + """
            <div class="row acts">
              <form method="post" action="/refresh"><button class="primary">Refresh</button></form>
              <form method="post" action="/introspect"><button class="secondary">Introspect</button></form>
              <form method="post" action="/revoke"><button class="secondary">Revoke</button></form>
              <form method="post" action="/signout"><button class="secondary">Sign out here</button></form>
            </div>
            """);
  }

  private static JsonObject shortened(JsonObject tokens) {
    var shown = new JsonObject();
    for (var name : tokens.fieldNames()) {
      var value = String.valueOf(tokens.getValue(name));
      shown.put(
          name,
          value.length() > 60
              ? value.substring(0, 24) + "…" + value.substring(value.length() - 8)
              : value);
    }
    return shown;
  }

  private static String told(Visit visit) {
    var told = visit.told;
    var shown = visit.shown;
    if (told == null) {
      return "";
    }
    boolean refused = shown != null && shown.containsKey("error");
    return "<div class=\"notice%s\" role=\"status\"><p>%s</p></div>"
            .formatted(refused ? "" : " good", escape(told))
        + (shown == null || shown.isEmpty() ? "" : table("The answer", shown));
  }

  private static String table(String caption, JsonObject values) {
    var rows = new StringBuilder("<table aria-label=\"" + escape(caption) + "\"><tbody>");
    for (var name : values.fieldNames()) {
      rows.append("<tr><th scope=\"row\">")
          .append(escape(name))
          .append("</th><td><code>")
          .append(escape(String.valueOf(values.getValue(name))))
          .append("</code></td></tr>");
    }
    return rows.append("</tbody></table>").toString();
  }

  private static String frame(String title, String main) {
    return """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
    <title>%s</title><link rel="stylesheet" href="/style.css"></head>
    <body class="wide"><header class="masthead"><span>Demo client</span></header><main>
    %s
    </main><footer></footer></body></html>
    """
        .formatted(escape(title), main);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
