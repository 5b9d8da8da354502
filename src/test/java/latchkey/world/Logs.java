package latchkey.world;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What a logger says while a test listens.
public final class Logs implements AutoCloseable {
  private final Logger logger;
  private final List<Line> lines = new CopyOnWriteArrayList<>();
  private final Handler handler;

  /// @param hasStack whether an exception came with it
  public record Line(String text, boolean hasStack) {}

  private Logs(String name, Consumer<String> onLine) {
    this.logger = Logger.getLogger(name);
    this.handler =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            var text = text(entry);
            lines.add(new Line(text, entry.getThrown() != null));
            onLine.accept(text);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
  }

  public static Logs of(String name) {
    return new Logs(name, _ -> {});
  }

  public static Logs of(Class<?> type) {
    return of(type.getName());
  }

  /// @param onLine called the moment a line is written
  public static Logs of(Class<?> type, Consumer<String> onLine) {
    return new Logs(type.getName(), onLine);
  }

  public List<Line> lines() {
    return List.copyOf(lines);
  }

  public List<String> texts() {
    return lines.stream().map(Line::text).toList();
  }

  @Override
  public void close() {
    logger.removeHandler(handler);
  }

  private static String text(LogRecord entry) {
    return entry instanceof org.jboss.logmanager.ExtLogRecord ext
        ? ext.getFormattedMessage()
        : String.valueOf(entry.getMessage());
  }
}
