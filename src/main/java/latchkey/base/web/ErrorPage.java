package latchkey.base.web;

import io.quarkus.qute.TemplateInstance;
import org.jspecify.annotations.Nullable;

/// What went wrong, in a sentence for the person, with the reference of the log line and one way
/// on.
record ErrorPage(Frame frame, String heading, String text, @Nullable String reference)
    implements TemplateInstance {}
