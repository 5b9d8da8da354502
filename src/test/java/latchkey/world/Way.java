package latchkey.world;

/// The way of a browser through a provider that answers at once.
public final class Way {
  private static final int LONGEST = 20;

  private Way() {}

  /// Signs in through the provider; answers where that ends.
  public static Browser.Page in(Browser browser, FakeUpstream provider) {
    return to(browser, "/upstream/authorize/" + provider.id());
  }

  /// Follows redirects to where they end.
  public static Browser.Page to(Browser browser, String path) {
    var page = browser.get(path);
    for (int i = 0; page.status() / 100 == 3; i++) {
      if (i == LONGEST) {
        throw new AssertionError("going in circles, at " + page.location());
      }
      page = browser.get(page.location());
    }
    return page;
  }
}
