package latchkey.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// The ways of a browser to a [FakeUpstream] and back.
public final class Trip {
  private static final Pattern ACTION = Pattern.compile("action=\"([^\"]+)\"");

  private Trip() {}

  /// Leaves for the provider; answers where it is sent there.
  ///
  /// @param query what follows, such as `?kind=…`; or empty
  public static String leave(Browser browser, FakeUpstream provider, String query) {
    var away = browser.get("/upstream/authorize/" + provider.id() + query);
    assertThat(away.status()).isEqualTo(307);
    return away.location();
  }

  /// What the provider makes of it: where it sends the browser, with what.
  public static Answer ask(Browser browser, String there) {
    var answer = browser.get(there);
    if (answer.status() == 302) {
      return new Answer(answer.location(), Map.of());
    }
    assertThat(answer.status()).isEqualTo(200);
    var action = ACTION.matcher(answer.body());
    assertThat(action.find()).isTrue();
    return new Answer(action.group(1), answer.fields());
  }

  /// An answer on its way to our callback.
  ///
  /// @param form of a `form_post`, or empty
  public record Answer(String url, Map<String, String> form) {
    /// Its parameters, wherever they are.
    public Map<String, String> parameters() {
      return form.isEmpty()
          ? new Browser.Page(302, "", Map.of("location", url)).answer()
          : Map.copyOf(form);
    }

    /// The same with others of these parameters; an empty one is left out.
    public Answer with(Map<String, String> changes) {
      var all = new LinkedHashMap<>(parameters());
      all.putAll(changes);
      all.values().removeIf(String::isEmpty);
      var path = url.replaceFirst("\\?.*", "");
      return form.isEmpty()
          ? new Answer(all.isEmpty() ? path : path + "?" + Browser.encode(all), Map.of())
          : new Answer(url, all);
    }

    /// The same at another provider's callback.
    public Answer at(FakeUpstream other) {
      return new Answer(url.replaceFirst("/callback/[^?]*", "/callback/" + other.id()), form);
    }

    /// Brings it back, as browsers do: a form of another site comes without our cookies, and is
    /// posted again from here.
    public Browser.Page deliver(Browser browser) {
      if (form.isEmpty()) {
        return browser.get(url);
      }
      var again = browser.postFromElsewhere(url, form);
      return again.status() == 200 ? browser.submit(url, again, Map.of()) : again;
    }
  }

  /// To the provider and back, until our callback has answered.
  public static Browser.Page callback(Browser browser, FakeUpstream provider, String query) {
    return ask(browser, leave(browser, provider, query)).deliver(browser);
  }

  /// Where somebody arrives who comes back: the path of the page that decides.
  public static String arrive(Browser browser, FakeUpstream provider, String query) {
    var back = callback(browser, provider, query);
    assertThat(back.status()).as(back.body()).isEqualTo(303);
    assertThat(back.location()).startsWith("/upstream/link/");
    return back.location();
  }

  /// The same, and its answer.
  public static Browser.Page through(Browser browser, FakeUpstream provider, String query) {
    return browser.get(arrive(browser, provider, query));
  }

  /// Makes the account that is offered, under this name; answers where it goes on.
  public static Browser.Page register(
      Browser browser, FakeUpstream provider, String query, String username) {
    var path = arrive(browser, provider, query);
    var page = browser.get(path);
    assertThat(page.status()).isEqualTo(200);
    return browser.submit(
        path,
        page,
        Map.of("username", username, "import_email", "on", "import_display_name", "on"));
  }
}
