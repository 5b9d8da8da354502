package latchkey.base.listener;

import java.util.List;
import latchkey.base.config.Section;

/// `http.listeners`: every one of them (`configuration.md` 3.2). With none, nobody listens and only
/// jobs run.
public record ListenersConfig(List<ListenerConfig> listeners) {
  public ListenersConfig {
    listeners = List.copyOf(listeners);
  }

  public static ListenersConfig read(Section root) {
    return new ListenersConfig(ListenerConfig.read(root));
  }
}
