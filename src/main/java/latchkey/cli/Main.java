package latchkey.cli;

import io.quarkus.runtime.annotations.QuarkusMain;

/// Where the process begins. Only the verbs that serve boot Quarkus; the others answer at once.
@QuarkusMain
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(Latchkey.commandLine(System.getenv()).execute(args));
  }
}
