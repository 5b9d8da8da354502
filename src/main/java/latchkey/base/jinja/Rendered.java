package latchkey.base.jinja;

import java.util.List;

/// What became of a template.
public sealed interface Rendered {
  /// What the template looked up and did not find, as it is written there, such as `user.email`; at
  /// most eight, in the order of asking.
  List<String> missing();

  /// @param text as it came out, untrimmed; empty is possible
  record Text(String text, List<String> missing) implements Rendered {
    public Text {
      missing = List.copyOf(missing);
    }
  }

  /// @param line within the template
  /// @param reason names no value of a claim, so it may be logged
  record Failed(int line, String reason, List<String> missing) implements Rendered {
    public Failed {
      missing = List.copyOf(missing);
    }
  }
}
