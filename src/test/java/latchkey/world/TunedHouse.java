package latchkey.world;

/// A house whose admin has turned what can be turned: no leeway, nothing settles, suspicion ends
/// sessions, idle and old sessions end, nobody has more than five, and any client may register.
public final class TunedHouse extends House {
  public TunedHouse() {
    super(
        10,
        "",
        """
        latchkey:
          refresh: {leeway: 0, settling: 0, on_suspicion: end}
          session_expiry:
            browser: {idle: 1800, absolute: 86400}
            dynamic_clients: {absolute: 172800}
            static_clients: {absolute: 86400}
            compat: {absolute: 172800}
          compat: {email_login: true}
        experimental:
          access_token_ttl: 3600
          session_limit: {soft_limit: 4, hard_limit: 5, dangerous_hard_limit_eviction: true}
          inactive_session_expiration: {ttl: 900, expire_user_sessions: false}
        policy:
          data:
            client_registration:
              allow_insecure_uris: true
              allow_host_mismatch: true
              allow_missing_client_uri: true
        """);
  }
}
