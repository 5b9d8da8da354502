package latchkey.base.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Locale.LanguageRange;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The languages a person reads, best first (RFC 4647 §2.3).
public record LanguagePriorityList(List<LanguageRange> ranges) {
  /// Longer than any browser sends.
  private static final int LIMIT = 1000;

  /// What people mean who do not name a script or a country. The last rows say that Traditional
  /// Chinese is no Simplified Chinese.
  private static final Map<String, List<String>> MEANT =
      Map.ofEntries(
          Map.entry("zh", List.of("zh", "zh-hans")),
          Map.entry("zh-cn", List.of("zh-cn", "zh-hans")),
          Map.entry("zh-sg", List.of("zh-sg", "zh-hans")),
          Map.entry("nb", List.of("nb", "nb-no")),
          Map.entry("no", List.of("no", "nb-no")),
          Map.entry("zh-hans", List.of("zh-hans")),
          Map.entry("zh-hant", List.of("zh-hant")),
          Map.entry("zh-tw", List.of("zh-tw", "zh-hant")),
          Map.entry("zh-hk", List.of("zh-hk", "zh-hant")),
          Map.entry("zh-mo", List.of("zh-mo", "zh-hant")));

  public LanguagePriorityList {
    ranges = List.copyOf(ranges);
  }

  public static LanguagePriorityList none() {
    return new LanguagePriorityList(List.of());
  }

  /// The header `Accept-Language` (RFC 9110 §12.5.4), by weight. One that cannot be read counts as
  /// absent, and so does what comes after `*`.
  public static LanguagePriorityList ofHeader(@Nullable String acceptLanguage) {
    if (acceptLanguage == null || acceptLanguage.length() > LIMIT) {
      return none();
    }
    try {
      var named = new ArrayList<LanguageRange>();
      for (var range : LanguageRange.parse(acceptLanguage)) {
        if (range.getRange().startsWith("*")) {
          break;
        }
        if (range.getWeight() > 0) {
          named.add(range);
        }
      }
      return new LanguagePriorityList(named);
    } catch (IllegalArgumentException e) {
      return none();
    }
  }

  /// The parameter `ui_locales` (OpenID Connect Core §3.1.2.1): tags between spaces, best first.
  public static LanguagePriorityList ofUiLocales(@Nullable String uiLocales) {
    var named = new ArrayList<LanguageRange>();
    if (uiLocales != null && uiLocales.length() <= LIMIT) {
      for (var tag : uiLocales.strip().split(" +", -1)) {
        try {
          named.add(new LanguageRange(tag));
        } catch (IllegalArgumentException e) {
          // A tag that is none asks for nothing.
        }
      }
    }
    return new LanguagePriorityList(named);
  }

  /// These, and where none of them is spoken, those.
  public LanguagePriorityList orElse(LanguagePriorityList others) {
    var all = new ArrayList<>(ranges);
    all.addAll(others.ranges());
    return new LanguagePriorityList(all);
  }

  /// The first of these languages that is among `spoken`; `fr-CA` is content with `fr` (RFC 4647
  /// §3.4).
  Optional<String> firstOf(Iterable<String> spoken) {
    for (var range : ranges) {
      for (var meant : LanguageRange.mapEquivalents(List.of(range), MEANT)) {
        for (var tag = meant.getRange(); !tag.isEmpty(); tag = parent(tag)) {
          for (var language : spoken) {
            if (language.toLowerCase(Locale.ROOT).equals(tag)) {
              return Optional.of(language);
            }
          }
        }
      }
    }
    return Optional.empty();
  }

  private static String parent(String tag) {
    int dash = tag.lastIndexOf('-');
    return dash < 0 ? "" : tag.substring(0, dash);
  }
}
