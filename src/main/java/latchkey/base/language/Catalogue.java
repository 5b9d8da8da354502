package latchkey.base.language;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IllformedLocaleException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// All languages: the built-in ones, and what an admin laid over them. Never changes; a change is a
/// new catalogue.
public final class Catalogue {
  /// What is spoken where nothing else is asked for or known.
  public static final String DEFAULT = "en";

  private static final List<String> BUILT_IN = List.of(DEFAULT, "de");

  private final Map<String, Translation> translations;
  private final Translation english;
  private final Set<String> needed;
  private final List<String> remarks;

  /// Files that cannot be used; each problem in words for the admin, with file and line.
  public static final class UnusableTranslations extends Exception {
    private final transient List<String> problems;

    UnusableTranslations(List<String> problems) {
      super(String.join("\n", problems));
      this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
      return problems;
    }
  }

  private Catalogue(
      Map<String, Map<String, Text>> texts, Set<String> needed, List<String> remarks) {
    var all = new LinkedHashMap<String, Translation>();
    this.english = new Translation(DEFAULT, texts.getOrDefault(DEFAULT, Map.of()), null);
    all.put(DEFAULT, english);
    texts.forEach(
        (language, own) ->
            all.computeIfAbsent(language, tag -> new Translation(tag, own, english)));
    this.translations = Collections.unmodifiableMap(all);
    this.needed = Set.copyOf(needed);
    this.remarks = List.copyOf(remarks);
  }

  public static Catalogue builtIn() {
    try {
      return load(null);
    } catch (UnusableTranslations e) {
      throw new IllegalStateException(e);
    }
  }

  /// The built-in languages with the files of a folder laid over them: a `<language>.json` replaces
  /// the texts it has, or brings a language.
  public static Catalogue load(@Nullable Path folder) throws UnusableTranslations {
    var problems = new ArrayList<String>();
    var remarks = new ArrayList<String>();
    var texts = new LinkedHashMap<String, Map<String, Text>>();
    for (var language : BUILT_IN) {
      texts.put(language, builtIn(language));
    }
    var english = new Translation(DEFAULT, builtIn(DEFAULT), null);
    for (var file : files(folder, problems)) {
      var language = language(file, problems);
      var laidOver = read(file, problems);
      if (language.isEmpty() || laidOver.isEmpty()) {
        continue;
      }
      var fitting = fitting(file, laidOver, english, remarks);
      boolean known = texts.containsKey(language);
      if (known || isEnough(file, fitting.keySet(), english, remarks)) {
        texts.computeIfAbsent(language, _ -> new LinkedHashMap<>()).putAll(fitting);
      }
    }
    if (!problems.isEmpty()) {
      throw new UnusableTranslations(problems);
    }
    return new Catalogue(texts, english.texts().keySet(), remarks);
  }

  /// The language to speak with somebody who reads these.
  public Translation choose(LanguagePriorityList wanted) {
    return in(wanted.firstOf(translations.keySet()).orElse(DEFAULT));
  }

  /// A language that was chosen before; the default if it is gone.
  public Translation in(@Nullable String language) {
    var translation = language == null ? null : translations.get(language);
    return translation == null ? english : translation;
  }

  public Collection<Translation> translations() {
    return translations.values();
  }

  /// The languages that lack none of the built-in texts.
  public List<String> complete() {
    return translations.values().stream()
        .filter(translation -> translation.texts().keySet().containsAll(needed))
        .map(Translation::language)
        .toList();
  }

  /// What an admin should hear about the files laid over, though it stops nothing.
  public List<String> remarks() {
    return remarks;
  }

  private static Map<String, Text> builtIn(String language) {
    var name = "/translations/" + language + ".json";
    try (var stream = Catalogue.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException(name + " is missing from the build");
      }
      return TranslationFile.read(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (TranslationFile.Unusable e) {
      throw new IllegalStateException(name + ":" + e.getMessage(), e);
    }
  }

  private static List<Path> files(@Nullable Path folder, List<String> problems) {
    if (folder == null) {
      return List.of();
    }
    try (var entries = Files.list(folder)) {
      return entries.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    } catch (IOException e) {
      problems.add(folder + ": the folder cannot be read");
      return List.of();
    }
  }

  private static String language(Path file, List<String> problems) {
    var name = String.valueOf(file.getFileName());
    var tag = name.substring(0, name.length() - ".json".length());
    try {
      return new Locale.Builder().setLanguageTag(tag).build().toLanguageTag();
    } catch (IllformedLocaleException e) {
      problems.add(file + ": " + tag + " is no language tag");
      return "";
    }
  }

  private static Map<String, Text> read(Path file, List<String> problems) {
    try {
      return TranslationFile.read(Files.readString(file));
    } catch (IOException e) {
      problems.add(file + ": the file cannot be read as UTF-8");
    } catch (TranslationFile.Unusable e) {
      problems.add(file + ":" + e.getMessage());
    }
    return Map.of();
  }

  /// A text that asks for something its place does not give would show a gap, so ours stays.
  private static Map<String, Text> fitting(
      Path file, Map<String, Text> laidOver, Translation english, List<String> remarks) {
    var fitting = new LinkedHashMap<>(laidOver);
    var strangers = new TreeSet<String>();
    for (var key : laidOver.keySet()) {
      var asked = laidOver.get(key).placeholders();
      if (!english.has(key)) {
        strangers.add(key);
      } else if (!english.placeholders(key).containsAll(asked)) {
        fitting.remove(key);
        remarks.add(
            file
                + ": "
                + key
                + ": asks for "
                + asked
                + ", but there is only "
                + english.placeholders(key)
                + "; the built-in text is used");
      }
    }
    if (!strangers.isEmpty()) {
      remarks.add(
          file
              + ": "
              + strangers.size()
              + " of its texts are of no built-in page (the first is "
              + strangers.first()
              + ")");
    }
    return fitting;
  }

  /// A page that is half in one language and half in another helps nobody.
  private static boolean isEnough(
      Path file, Set<String> keys, Translation english, List<String> remarks) {
    var missing = new TreeSet<>(english.texts().keySet());
    int needed = missing.size();
    missing.removeAll(keys);
    boolean enough = missing.size() * 2 <= needed;
    if (!missing.isEmpty()) {
      remarks.add(
          "%s: %d of %d texts are missing (the first is %s); %s"
              .formatted(
                  file,
                  missing.size(),
                  needed,
                  missing.first(),
                  enough ? "they are shown in English" : "the language is not offered"));
    }
    return enough;
  }
}
