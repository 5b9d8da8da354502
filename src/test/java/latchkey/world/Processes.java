package latchkey.world;

import java.io.IOException;
import java.io.UncheckedIOException;

/// What a test does to a process it has started itself.
public final class Processes {
  private Processes() {}

  /// @param name `STOP`, `CONT`, `KILL`, `HUP` or `TERM`
  public static void signal(long pid, String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(pid))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
