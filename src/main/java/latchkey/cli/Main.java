package latchkey.cli;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

@QuarkusMain
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    if (args.length > 0 && args[0].equals("help")) {
      System.out.println("help");
      return;
    }
    Quarkus.run(args);
  }
}
