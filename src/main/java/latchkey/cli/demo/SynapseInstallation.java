package latchkey.cli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// A Synapse from PyPI in a virtual environment of its own, installed once and kept.
final class SynapseInstallation {
  static final String VERSION = "1.163.2";
  private static final int OLDEST_MINOR = 10;
  private static final Pattern PYTHON = Pattern.compile("(?m)^3\\.(\\d+)$");
  private static final String ASK_PYTHON =
      "import sys; print('%d.%d' % sys.version_info[:2], flush=True); import venv, ensurepip";
  private static final int TOLD_EVERY = 10;

  private final DemoFolder folder;
  private final Path environment;
  private final PrintWriter out;

  /// @param out hears how far it is
  SynapseInstallation(DemoFolder folder, PrintWriter out) {
    this.folder = folder;
    this.environment = folder.file("synapse-" + VERSION);
    this.out = out;
  }

  /// The Python that has Synapse.
  Path python() {
    return environment.resolve("bin").resolve("python");
  }

  /// Does nothing if it is there. One that was interrupted is begun anew.
  void install() throws DemoFolder.CannotShow {
    if (Files.exists(complete())) {
      return;
    }
    requirePython();
    tell("Installing Synapse " + VERSION + " from PyPI, once; this takes about a minute.");
    tell("  into " + environment);
    var log = folder.file("synapse-install.log");
    try {
      Files.deleteIfExists(log);
      run(log, List.of("python3", "-m", "venv", "--clear", environment.toString()));
      run(log, pip());
      Files.createFile(complete());
    } catch (IOException e) {
      throw new DemoFolder.CannotShow(
          "Synapse could not be installed: " + e.getMessage() + " (all of it is in " + log + ")",
          e);
    }
    tell("  done");
  }

  private Path complete() {
    return environment.resolve(".complete");
  }

  private List<String> pip() {
    return List.of(
        python().toString(),
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--progress-bar=off",
        // From its source it would need a Rust compiler.
        "--only-binary=matrix-synapse",
        "matrix-synapse==" + VERSION);
  }

  private static void requirePython() throws DemoFolder.CannotShow {
    String said;
    boolean complete;
    try (var python = Companion.start(new ProcessBuilder("python3", "-c", ASK_PYTHON))) {
      said = new String(python.process().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      complete = python.process().waitFor() == 0;
    } catch (IOException e) {
      throw new DemoFolder.CannotShow(
          "Synapse needs Python 3.10 or later, and there is no python3 on the PATH", e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    var version = PYTHON.matcher(said);
    if (!version.find() || Integer.parseInt(version.group(1)) < OLDEST_MINOR) {
      throw new DemoFolder.CannotShow(
          "Synapse needs Python 3.10 or later; python3 on the PATH is "
              + (said.isBlank() ? "none that works" : said.strip()));
    }
    if (!complete) {
      throw new DemoFolder.CannotShow(
          "python3 lacks venv or pip, which installing Synapse needs; on Debian and Ubuntu:"
              + " apt install python3-venv");
    }
  }

  /// @throws IOException with the last thing it complained about, if it fails
  private void run(Path log, List<String> command) throws IOException, DemoFolder.CannotShow {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    var complaint = "no word why";
    try (var program = Companion.start(builder);
        var reader =
            new BufferedReader(
                new InputStreamReader(
                    program.process().getInputStream(), StandardCharsets.UTF_8))) {
      var lines = new ArrayList<String>();
      int found = 0;
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
        if (line.startsWith("Collecting ") && ++found % TOLD_EVERY == 0) {
          tell("  " + found + " packages so far");
        } else if (line.startsWith("Installing collected packages")) {
          tell("  writing them");
        } else if (line.startsWith("ERROR: ") || line.startsWith("Error: ")) {
          complaint = line.substring("ERROR: ".length());
        }
      }
      Files.write(log, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      if (program.process().waitFor() != 0) {
        throw new IOException(complaint);
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private void tell(String line) {
    out.println(line);
    out.flush();
  }

  private static DemoFolder.CannotShow interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new DemoFolder.CannotShow("interrupted", e);
  }
}
