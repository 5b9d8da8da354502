package latchkey.base.web.page;

/// A record that fills the template of its own name: `LoginPage` fills `templates/LoginPage.html`,
/// and its components are what the template may name.
public interface Page {
  Frame frame();

  /// The name of its template.
  default String template() {
    return getClass().getSimpleName();
  }
}
