package latchkey.endpoint.account;

import latchkey.base.web.FieldError;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import org.jspecify.annotations.Nullable;

/// Asks what a new app password is for.
///
/// @param name what was typed before
/// @param days what was chosen before; empty for ever
/// @param nameError what is wrong with the name
/// @param formError what is wrong with all of it
record NewAppPasswordPage(
    Frame frame,
    String csrf,
    String name,
    String days,
    @Nullable FieldError nameError,
    @Nullable FieldError formError)
    implements Page {}
