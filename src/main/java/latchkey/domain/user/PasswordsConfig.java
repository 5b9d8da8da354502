package latchkey.domain.user;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
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
    var schemes = new ArrayList<PasswordScheme>();
    if (!enabled) {
      passwords.ignore("schemes");
      return new PasswordsConfig(false, complexity, List.of(PasswordScheme.standard()));
    }
    if (!passwords.has("schemes")) {
      schemes.add(PasswordScheme.standard());
    } else {
      var sections = passwords.sections("schemes");
      sections.forEach(section -> schemes.add(scheme(section)));
      if (schemes.isEmpty()) {
        passwords.fault("schemes", "at least one scheme is needed");
      }
      requireUniqueVersions(sections, schemes);
    }
    passwords.warnOfUnknown();
    return new PasswordsConfig(
        true, complexity, schemes.isEmpty() ? List.of(PasswordScheme.standard()) : schemes);
  }

  private static PasswordScheme scheme(Section section) {
    int version = (int) section.requireInteger("version", 0, 65535);
    var name = section.oneOf("algorithm", "bcrypt", "argon2id", "pbkdf2");
    if (!section.has("algorithm")) {
      section.fault("algorithm", "is missing; one of bcrypt, argon2id, pbkdf2 is expected");
    }
    var algorithm = Algorithm.valueOf(name.orElse("argon2id").toUpperCase(Locale.ROOT));
    if (algorithm != Algorithm.BCRYPT && section.has("cost")) {
      section.warn("cost", "only bcrypt has a cost; this one is ignored");
    }
    // Every step doubles the work: beyond this no sign-in would end before its deadline.
    int cost = (int) section.integer("cost", 12, 4, PasswordScheme.MAX_BCRYPT_COST);
    // Byte for byte: a newline at the end of a pepper file belongs to the pepper.
    var pepper = section.secret("secret", false).map(Secret::bytes).orElse(null);
    var scheme =
        new PasswordScheme(
            version, algorithm, cost, pepper, section.bool("unicode_normalization", false));
    section.warnOfUnknown();
    return scheme;
  }

  private static void requireUniqueVersions(List<Section> sections, List<PasswordScheme> schemes) {
    var seen = new HashSet<Integer>();
    for (int i = 0; i < schemes.size(); i++) {
      if (!seen.add(schemes.get(i).version())) {
        sections.get(i).fault("version", "two schemes have the same version");
      }
    }
  }
}
