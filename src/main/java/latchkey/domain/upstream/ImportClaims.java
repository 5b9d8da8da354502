package latchkey.domain.upstream;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import latchkey.base.jinja.Rendered;
import latchkey.base.jinja.Template;
import latchkey.base.jinja.Variables;
import latchkey.domain.upstream.ClaimsImports.Action;
import latchkey.domain.upstream.ImportOutcome.Attribute;
import latchkey.domain.upstream.ImportOutcome.Imported;
import latchkey.domain.upstream.ImportOutcome.Refused;
import latchkey.domain.upstream.ImportOutcome.Unfit;
import org.jspecify.annotations.Nullable;

/// Makes of a person's claims what an account of theirs is made of (`configuration.md` 12.2,
/// `pages.md` 5.4). The same settings and claims always give the same; nothing is looked up.
public final class ImportClaims {
  /// As `upstream_links` has it; twice what OpenID Connect Core §2 lets a `sub` have.
  private static final int LONGEST_SUBJECT = 512;

  private final Variables variables;
  private final List<Unfit> unfit = new ArrayList<>();

  private ImportClaims(Variables variables) {
    this.variables = variables;
  }

  /// Refused if there is no subject, or something required is not there.
  public static ImportOutcome handle(ClaimsImports settings, Claims claims) {
    return new ImportClaims(claims.variables()).outcome(settings);
  }

  private ImportOutcome outcome(ClaimsImports settings) {
    var subject = render("subject", settings.subject());
    if (subject == null) {
      return new Refused(unfit.getLast());
    }
    if (subject.length() > LONGEST_SUBJECT) {
      var tooLong = "renders to more than " + LONGEST_SUBJECT + " characters";
      return new Refused(new Unfit("subject.template", 0, tooLong, List.of()));
    }
    var localpart = take("localpart", settings.localpart().claim());
    var displayname = take("displayname", settings.displayname());
    var email = take("email", settings.email());
    for (var attribute : List.of(localpart, displayname, email)) {
      if (attribute.refusal != null) {
        return new Refused(attribute.refusal);
      }
    }
    var accountName =
        settings.accountName().flatMap(name -> Optional.ofNullable(render("account_name", name)));
    return new Imported(
        subject, localpart.attribute, displayname.attribute, email.attribute, accountName, unfit);
  }

  /// @param refusal why nobody can come in without it
  private record Taken(Attribute attribute, @Nullable Unfit refusal) {}

  private Taken take(String name, ClaimsImports.Import claim) {
    if (claim.action() == Action.IGNORE) {
      return new Taken(new Attribute(Action.IGNORE, Optional.empty()), null);
    }
    var value = render(name, claim.template());
    boolean refuses = value == null && claim.action() == Action.REQUIRE;
    return new Taken(
        new Attribute(claim.action(), Optional.ofNullable(value)),
        refuses ? unfit.getLast() : null);
  }

  /// Null, with a note, if nothing comes of it. A text that no database takes is nothing.
  private @Nullable String render(String name, Template template) {
    var key = name + ".template";
    return switch (template.render(variables)) {
      case Rendered.Text(var text, var missing) when text.isEmpty() -> {
        unfit.add(new Unfit(key, 0, "renders to nothing", missing));
        yield null;
      }
      case Rendered.Text(var text, var missing) when text.indexOf('\0') >= 0 -> {
        unfit.add(new Unfit(key, 0, "renders to a text with a NUL character", missing));
        yield null;
      }
      case Rendered.Text(var text, _) -> text;
      case Rendered.Failed(var line, var reason, var missing) -> {
        unfit.add(new Unfit(key, line, reason, missing));
        yield null;
      }
    };
  }
}
