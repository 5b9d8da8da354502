package latchkey.domain.upstream;

import java.util.List;
import java.util.Optional;
import latchkey.domain.upstream.ClaimsImports.Action;

/// What became of a person's claims: [ImportClaims].
public sealed interface ImportOutcome {
  /// @param subject who it is at the provider; not empty
  /// @param accountName what they recognise their account there by
  /// @param unfit what could not be had and is done without; for the log
  record Imported(
      String subject,
      Attribute localpart,
      Attribute displayname,
      Attribute email,
      Optional<String> accountName,
      List<Unfit> unfit)
      implements ImportOutcome {
    public Imported {
      unfit = List.copyOf(unfit);
    }

    /// Claims are about people.
    @Override
    public String toString() {
      return "Imported[…]";
    }
  }

  /// Nobody can come in like this. It is for the admin to change the template, or what the provider
  /// gives.
  record Refused(Unfit unfit) implements ImportOutcome {}

  /// @param value as it was rendered, and not empty; always empty with [Action#IGNORE]
  record Attribute(Action action, Optional<String> value) {
    /// Whether the person has no say in it.
    public boolean isFixed() {
      return value.isPresent() && action != Action.SUGGEST;
    }

    /// Whether it is what the person is offered.
    public boolean isSuggested() {
      return value.isPresent() && action == Action.SUGGEST;
    }

    @Override
    public String toString() {
      return "Attribute[" + action + "]";
    }
  }

  /// A template that gave nothing one can use.
  ///
  /// @param key below `claims_imports`, such as `localpart.template`
  /// @param line within the template; 0 if it rendered, but to nothing
  /// @param reason in words that hold no claim
  /// @param missing what it looked up and did not find, such as `user.email`
  record Unfit(String key, int line, String reason, List<String> missing) {
    public Unfit {
      missing = List.copyOf(missing);
    }

    /// For an admin: which template, why, and which claims are not there.
    @Override
    public String toString() {
      return "claims_imports."
          + key
          + (line == 0 ? "" : ", line " + line)
          + ": "
          + reason
          + (missing.isEmpty() ? "" : "; not there: " + String.join(", ", missing));
    }
  }
}
