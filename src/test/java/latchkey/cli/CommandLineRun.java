package latchkey.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/// What a verb answered.
record CommandLineRun(int exit, String out, String err) {
  static CommandLineRun of(String... words) {
    var out = new StringWriter();
    var err = new StringWriter();
    int exit =
        Latchkey.commandLine(Map.of())
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(words);
    return new CommandLineRun(exit, out.toString(), err.toString());
  }
}
