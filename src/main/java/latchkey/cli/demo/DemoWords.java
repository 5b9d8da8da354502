package latchkey.cli.demo;

/// What a demo tells the person at the terminal, once it can be used.
public final class DemoWords {
  private DemoWords() {}

  public static String ready(String latchkey, String client, String username, String password) {
    return """

      Latchkey is ready. Open the demo client and sign in:

        %2$s/        username %3$s, password %4$s

      Latchkey itself is at %1$s/ . Ctrl-C stops everything.
    """
        .formatted(latchkey, client, username, password);
  }

  /// @param latchkeyPort a phone has to reach that one too
  public static String homeserver(DemoSynapse synapse, String user, int latchkeyPort) {
    return """

      Synapse %1$s delegates to it. The homeserver to type into Element X, with its http://, is

        %2$s        you will be %3$s

      It listens on this machine only. Programs on it and an iOS simulator reach it as it is; an
      Android emulator, or a phone on a USB cable, after
        adb reverse tcp:%4$d tcp:%4$d && adb reverse tcp:%5$d tcp:%5$d
    """
        .formatted(synapse.version(), synapse.url(), user, synapse.port(), latchkeyPort);
  }
}
