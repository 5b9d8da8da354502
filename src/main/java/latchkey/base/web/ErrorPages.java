package latchkey.base.web;

import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/// Puts an error into words for a person.
@Singleton
class ErrorPages {
  private final Frames frames;

  ErrorPages(Frames frames) {
    this.frames = frames;
  }

  String html(int status, String description, @Nullable String reference) {
    return new ErrorPage(frames.frame(), heading(status), text(status, description), reference)
        .render();
  }

  private static String heading(int status) {
    return switch (status) {
      case 404 -> "Page not found";
      case 409 -> "This was already answered";
      case 413, 414, 431 -> "That was too much";
      case 429 -> "Too many tries";
      case 500 -> "Something went wrong";
      case 503 -> "Please try again in a moment";
      default -> "This did not work";
    };
  }

  private static String text(int status, String description) {
    return switch (status) {
      case 404 -> "There is nothing at this address. It may be mistyped, or too old.";
      case 500 ->
          "That was our mistake, not yours. Please try again; if it stays, tell whoever runs this server.";
      case 503 -> description + " Nothing is lost: wait a moment, then load this page again.";
      default -> description;
    };
  }
}
