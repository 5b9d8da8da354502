package latchkey.domain.user;

import java.util.HashSet;
import java.util.List;
import latchkey.base.config.Kind;
import latchkey.base.config.Section;
import latchkey.base.crypto.PasswordScheme;
import latchkey.base.crypto.PasswordScheme.Algorithm;
import latchkey.base.crypto.Secret;

/// The section `passwords` (`configuration.md` 9).
///
/// @param minimumComplexity the zxcvbn score, 0 to 4, a new password needs; above 4 nobody can set
///   one
public record PasswordsConfig(
    boolean enabled, int minimumComplexity, List<PasswordScheme> schemes) {
  public PasswordsConfig {
    schemes = List.copyOf(schemes);
  }

  public static PasswordsConfig read(Section root) {
    var passwords = root.section("passwords");
    boolean enabled = passwords.bool("enabled", true);
    int complexity = (int) passwords.integer("minimum_complexity", 3, 0, 255);
    if (!enabled) {
      passwords.ignore("schemes");
      return new PasswordsConfig(false, complexity, List.of(PasswordScheme.standard()));
    }
    var sections = passwords.sections("schemes");
    passwords.otherwise("schemes", "one: version 1, argon2id");
    var schemes = sections.stream().map(PasswordsConfig::scheme).toList();
    passwords.rule(
        "schemes", !passwords.has("schemes") || !schemes.isEmpty(), "at least one is needed");
    requireUniqueVersions(sections, schemes);
    return new PasswordsConfig(
        true, complexity, schemes.isEmpty() ? List.of(PasswordScheme.standard()) : schemes);
  }

  private static PasswordScheme scheme(Section section) {
    int version = (int) section.requireInteger("version", 0, 65535);
    var algorithm = section.require("algorithm", Kind.choice(Algorithm.class), Algorithm.ARGON2ID);
    section.advice(
        "cost", algorithm == Algorithm.BCRYPT || !section.has("cost"), "only bcrypt has one", "");
    // Every step doubles the work: beyond this no sign-in would end before its deadline.
    int given = (int) section.integer("cost", 12, 4, PasswordScheme.MAX_BCRYPT_COST);
    int cost = algorithm == Algorithm.BCRYPT ? given : 0;
    // Byte for byte: a newline at the end of a pepper file belongs to the pepper.
    var pepper = section.secret("secret", false).map(Secret::bytes).orElse(null);
    return new PasswordScheme(
        version, algorithm, cost, pepper, section.bool("unicode_normalization", false));
  }

  private static void requireUniqueVersions(List<Section> sections, List<PasswordScheme> schemes) {
    var seen = new HashSet<Integer>();
    for (int i = 0; i < schemes.size(); i++) {
      sections.get(i).rule("version", seen.add(schemes.get(i).version()), "a version is used once");
    }
  }
}
