package latchkey.world;

/// A house whose admin has turned what can be turned: no leeway, nothing settles, suspicion ends
/// sessions, and any client may register.
public final class TunedHouse extends House {
  public TunedHouse() {
    super(
        10,
        "",
        """
        latchkey:
          refresh: {leeway: 0, settling: 0, on_suspicion: end}
        policy:
          data:
            client_registration:
              allow_insecure_uris: true
              allow_host_mismatch: true
              allow_missing_client_uri: true
        """);
  }
}
