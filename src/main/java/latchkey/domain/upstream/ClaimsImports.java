package latchkey.domain.upstream;

import java.util.Optional;
import latchkey.base.config.Section;
import latchkey.base.jinja.Template;

/// What of a provider's claims becomes part of an account (`configuration.md` 12.2).
///
/// @param subject the template of what identifies a person at the provider
/// @param accountName the template of the name people recognise their account there by
/// @param skipConfirmation whether an account is made without asking
public record ClaimsImports(
    Template subject,
    Localpart localpart,
    Import displayname,
    Import email,
    Optional<Template> accountName,
    boolean skipConfirmation) {
  /// What is done with a claim.
  public enum Action {
    IGNORE,
    SUGGEST,
    FORCE,
    REQUIRE
  }

  /// What is done when the localpart is somebody's already.
  public enum OnConflict {
    FAIL,
    ADD,
    REPLACE,
    SET
  }

  /// @param template of the value
  public record Import(Action action, Template template) {
    boolean isCertain() {
      return action == Action.FORCE || action == Action.REQUIRE;
    }
  }

  /// The name in the Matrix id.
  public record Localpart(Import claim, OnConflict onConflict) {}

  static ClaimsImports read(Section section) {
    var local = section.section("localpart");
    var localpart =
        new Localpart(
            claim(local, "{{ user.preferred_username }}"),
            local.choice("on_conflict", OnConflict.FAIL));
    var imports =
        new ClaimsImports(
            Templates.read(section.section("subject"), "template", "{{ user.sub }}"),
            localpart,
            claim(section.section("displayname"), "{{ user.name }}"),
            claim(section.section("email"), "{{ user.email }}"),
            Templates.read(section.section("account_name"), "template"),
            section.bool("skip_confirmation", false));
    local.rule(
        "on_conflict",
        localpart.onConflict == OnConflict.FAIL || localpart.claim.isCertain(),
        "anything but fail needs the action force or require");
    local.advice(
        "on_conflict",
        localpart.onConflict == OnConflict.FAIL,
        "should be fail where people choose or change their names at the provider",
        ": whoever takes somebody's name there gets into that person's account here");
    imports.checkConfirmation(section);
    return imports;
  }

  /// The same without what becomes part of an account: who it is, and how they know that account of
  /// theirs. More is not needed of somebody who has an account here.
  public ClaimsImports identityOnly() {
    return new ClaimsImports(
        subject,
        new Localpart(new Import(Action.IGNORE, localpart.claim.template), OnConflict.FAIL),
        new Import(Action.IGNORE, displayname.template),
        new Import(Action.IGNORE, email.template),
        accountName,
        skipConfirmation);
  }

  private static Import claim(Section section, String template) {
    return new Import(
        section.choice("action", Action.IGNORE), Templates.read(section, "template", template));
  }

  /// Without a page there is nobody who could accept a suggestion or choose a name.
  private void checkConfirmation(Section section) {
    var key = "skip_confirmation";
    section.rule(
        key,
        !skipConfirmation || localpart.claim.action == Action.REQUIRE,
        "needs localpart.action to be require");
    section.rule(
        key,
        !skipConfirmation || email.action != Action.SUGGEST,
        "needs email.action not to be suggest");
    section.rule(
        key,
        !skipConfirmation || displayname.action != Action.SUGGEST,
        "needs displayname.action not to be suggest");
  }
}
