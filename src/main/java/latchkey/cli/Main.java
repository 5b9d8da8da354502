package latchkey.cli;

import io.quarkus.runtime.annotations.QuarkusMain;
import latchkey.base.config.DotEnv;

/// Where the process begins. Only the verbs that serve boot Quarkus; the others answer at once.
@QuarkusMain
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(Latchkey.commandLine(DotEnv.over(System.getenv())).execute(args));
  }
}
