package latchkey.base.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// One reading of a configuration: what all its sections share.
final class Reading {
  private final Faults faults;
  private final boolean openFiles;
  private final Consumer<Heard> listener;
  private final Map<String, Set<String>> known = new HashMap<>();

  Reading(Faults faults, boolean openFiles, Consumer<Heard> listener) {
    this.faults = faults;
    this.openFiles = openFiles;
    this.listener = listener;
  }

  /// The same for what stands in the wrong place: that is told once, and what follows from it is
  /// not.
  Reading muted() {
    return new Reading(new Faults(), openFiles, listener);
  }

  Faults faults() {
    return faults;
  }

  boolean opensFiles() {
    return openFiles;
  }

  void hear(Heard what) {
    listener.accept(what);
  }

  /// The keys that were asked for in a section, by all its readers.
  Set<String> known(String section) {
    return known.computeIfAbsent(section, _ -> new TreeSet<>());
  }

  boolean wasVisited(String section) {
    return known.containsKey(section);
  }

  /// The bytes of a file; empty if it cannot be read.
  static Optional<byte[]> bytes(String file) {
    try {
      return Optional.of(Files.readAllBytes(Path.of(file)));
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  /// The text in a file; empty if it cannot be read.
  static Optional<String> content(String file) {
    try {
      return Optional.of(Files.readString(Path.of(file), StandardCharsets.UTF_8));
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }
}
