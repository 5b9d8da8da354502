package latchkey.endpoint.account;

import latchkey.base.web.Continuation;
import latchkey.base.web.page.Page;

/// What becomes of a visit to this room.
sealed interface Outcome {
  /// Only its owner may see it, and where it matters only after proving it once more.
  record LogIn(Continuation next) implements Outcome {}

  record Show(Page page) implements Outcome {}

  /// To another page of ours.
  ///
  /// @param path without prefix
  record GoTo(String path) implements Outcome {}
}
