package latchkey.domain.lifecycle;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.util.UUID;
import latchkey.domain.upstream.ProviderConfig;
import latchkey.domain.upstream.Providers;
import latchkey.domain.user.PasswordsConfig;

/// Whether somebody could sign in without one of their links: by password, or through another
/// provider that there is now.
@Singleton
public class OtherWays {
  private final UpstreamReachRepository reach;
  private final Providers providers;
  private final PasswordsConfig passwords;

  OtherWays(UpstreamReachRepository reach, Providers providers, PasswordsConfig passwords) {
    this.reach = reach;
    this.providers = providers;
    this.passwords = passwords;
  }

  @Transactional
  public boolean exist(UUID link, UUID user) {
    var there = providers.all().stream().map(ProviderConfig::id).toList();
    return reach.hasOtherWay(link, user, there, passwords.enabled());
  }
}
