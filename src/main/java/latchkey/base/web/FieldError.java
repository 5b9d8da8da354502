package latchkey.base.web;

import latchkey.base.language.Message;
import org.jspecify.annotations.Nullable;

/// What is wrong with a field of a form, or with the form.
///
/// @param kind and `code` are what tests and browser extensions go by (`pages.md` 17)
public record FieldError(String kind, @Nullable String code, Message message) {
  public static FieldError of(String kind, Message message) {
    return new FieldError(kind, null, message);
  }
}
