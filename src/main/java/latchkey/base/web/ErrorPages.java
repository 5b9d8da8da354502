package latchkey.base.web;

import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.util.List;
import latchkey.base.language.Message;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Templates;
import org.jspecify.annotations.Nullable;

/// Puts an error into words for a person.
@Singleton
class ErrorPages {
  /// Every status that has a page.
  static final List<Integer> STATUSES =
      List.of(400, 403, 404, 405, 409, 413, 414, 415, 429, 431, 500, 503);

  static final Message FORM_TOO_OLD = Message.of("latchkey.error.form_too_old.text");

  private final Frames frames;
  private final Requesters requesters;
  private final Templates templates;

  ErrorPages(Frames frames, Requesters requesters, Templates templates) {
    this.frames = frames;
    this.requesters = requesters;
    this.templates = templates;
  }

  record Html(String language, String text) {}

  /// @param message what happened, where more is known than the status says
  Html html(int status, @Nullable Message message, HttpServerRequest request) {
    var frame = frames.frame(requesters.of(request));
    var reference = request.getHeader(RequestIds.HEADER);
    var page = page(frame, status, message, canBeLoaded(request), reference);
    return new Html(frame.language(), templates.render(page));
  }

  static ErrorPage page(
      Frame frame,
      int status,
      @Nullable Message message,
      boolean loadable,
      @Nullable String reference) {
    var words = Words.of(status, message);
    return new ErrorPage(frame, words.heading, words.text, words.again && loadable, reference);
  }

  /// An address that only takes forms cannot be loaded again.
  private static boolean canBeLoaded(HttpServerRequest request) {
    return Routes.find(String.valueOf(request.path()))
        .map(route -> route.methods().contains("GET"))
        .orElse(false);
  }

  /// What goes with a status.
  ///
  /// @param again whether the same page may work a little later
  private record Words(Message heading, Message text, boolean again) {
    static Words of(int status, @Nullable Message message) {
      var words = of(status);
      if (FORM_TOO_OLD.equals(message)) {
        return again("latchkey.error.form_too_old.heading", FORM_TOO_OLD.key());
      }
      return message == null ? words : new Words(words.heading, message, words.again);
    }

    private static Words of(int status) {
      return switch (status) {
        case 403 -> wayOut("latchkey.error.forbidden.heading", "latchkey.error.forbidden.text");
        case 404 -> wayOut("mas.not_found.heading", "mas.not_found.description");
        case 405 -> wayOut("latchkey.error.wrong_way.heading", "latchkey.error.wrong_way.text");
        case 409 -> wayOut("latchkey.error.answered.heading", "latchkey.error.answered.text");
        case 413 -> wayOut("latchkey.error.too_large.heading", "latchkey.error.too_large.text");
        case 414 -> wayOut("latchkey.error.too_long.heading", "latchkey.error.too_long.text");
        case 429 -> again("latchkey.error.too_fast.heading", "latchkey.error.too_fast.text");
        case 431 ->
            wayOut(
                "latchkey.error.headers_too_large.heading",
                "latchkey.error.headers_too_large.text");
        case 503 -> again("latchkey.error.busy.heading", "latchkey.error.busy.text");
        default ->
            status >= 500
                ? again("latchkey.error.broken.heading", "latchkey.error.broken.text")
                : wayOut("latchkey.error.unreadable.heading", "latchkey.error.unreadable.text");
      };
    }

    private static Words wayOut(String heading, String text) {
      return new Words(Message.of(heading), Message.of(text), false);
    }

    private static Words again(String heading, String text) {
      return new Words(Message.of(heading), Message.of(text), true);
    }
  }
}
