package latchkey.base.web.page;

import java.util.List;

/// Pages of a room with made-up people on them, at least one for each look a page can have. By them
/// templates are checked, those of an admin too.
public interface PageSamples {
  /// @param name tells apart what one page can look like
  record Sample(String name, Page page) {}

  List<Sample> in(Frame frame);
}
