package latchkey.domain.policy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The texts of the rules: the files that come with the release, and an admin's folder laid over
/// them. There `authorization_grant.yaml` takes the place of the built-in file of that name, and
/// `authorization_grant.anything.yaml` adds to it.
final class RuleSources {
  private static final String SUFFIX = ".yaml";

  /// @param name as the admin finds it
  record Source(String name, String text) {}

  private final List<Path> files;

  RuleSources(@Nullable Path folder) throws UnusableRules {
    this.files = folder == null ? List.of() : list(folder);
    for (var file : files) {
      requireMeaning(file);
    }
  }

  List<Source> about(Question question) throws UnusableRules {
    var sources = new ArrayList<Source>();
    var replaced = files.stream().filter(file -> name(file).equals(question.fileName() + SUFFIX));
    var first = replaced.findFirst();
    sources.add(first.isPresent() ? read(first.get()) : builtIn(question));
    for (var file : files) {
      if (isAddition(file, question)) {
        sources.add(read(file));
      }
    }
    return sources;
  }

  /// Hidden files are not ours: Kubernetes keeps its own beside what it mounts.
  private static List<Path> list(Path folder) throws UnusableRules {
    try (var entries = Files.list(folder)) {
      return entries
          .filter(file -> !name(file).startsWith("."))
          .filter(file -> name(file).endsWith(SUFFIX) || name(file).endsWith(".yml"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UnusableRules(
          "latchkey.policy.path: the folder " + folder + " cannot be read: " + reason(e));
    }
  }

  /// A file that no rule is ever read from is a rule its author believes in.
  private static void requireMeaning(Path file) throws UnusableRules {
    var known =
        Arrays.stream(Question.values())
            .anyMatch(
                question ->
                    name(file).equals(question.fileName() + SUFFIX) || isAddition(file, question));
    if (!known) {
      var names = Arrays.stream(Question.values()).map(q -> q.fileName() + SUFFIX).toList();
      throw new UnusableRules(
          file
              + ": nothing is asked of a file of this name; call it "
              + String.join(" or ", names)
              + " to replace the rules of the release, or put a word before .yaml to add to them");
    }
  }

  private static boolean isAddition(Path file, Question question) {
    var name = name(file);
    return name.startsWith(question.fileName() + ".")
        && name.endsWith(SUFFIX)
        && name.length() > question.fileName().length() + 1 + SUFFIX.length();
  }

  private static Source read(Path file) throws UnusableRules {
    try {
      return new Source(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new UnusableRules(file + ": cannot be read: " + reason(e));
    }
  }

  private static Source builtIn(Question question) throws UnusableRules {
    var name = "policies/" + question.fileName() + SUFFIX;
    try (InputStream stream = RuleSources.class.getResourceAsStream("/" + name)) {
      if (stream == null) {
        throw new UnusableRules(name + ": is missing in this build");
      }
      return new Source(name, new String(stream.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UnusableRules(name + ": cannot be read: " + reason(e));
    }
  }

  private static String name(Path file) {
    return Optional.ofNullable(file.getFileName()).map(Path::toString).orElse("");
  }

  private static String reason(IOException e) {
    return e.getClass().getSimpleName();
  }
}
