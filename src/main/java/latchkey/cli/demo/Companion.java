package latchkey.cli.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A program that runs beside the demo and does not outlive it, however the demo ends.
final class Companion implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(8);

  private final Process process;
  private final Thread hook;

  private Companion(Process process) {
    this.process = process;
    // Until the server runs, Ctrl-C ends the JVM without a word to anybody but its hooks.
    this.hook = new Thread(this::end);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  static Companion start(ProcessBuilder program) throws IOException {
    return new Companion(program.start());
  }

  Process process() {
    return process;
  }

  @Override
  public void close() {
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is going down already, and the hook has run or will find nothing to do.
    }
  }

  private void end() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    try {
      if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
