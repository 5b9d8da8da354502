package latchkey.base.config;

import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// Writes a tree as YAML that reads back the same.
public final class YamlWriter {
  private YamlWriter() {}

  public static String write(Map<?, ?> tree) {
    var settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setSchema(new CoreSchema())
            .setSplitLines(false)
            .build();
    return new Dump(settings).dumpToString(tree);
  }
}
