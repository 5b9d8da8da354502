package latchkey.cli.doctor;

import java.sql.SQLException;
import java.util.List;
import latchkey.domain.lifecycle.UnaskablePeopleRepository;
import latchkey.domain.upstream.ProviderConfig;
import latchkey.domain.upstream.Providers;

/// Whether providers can be asked about the people who came through them, where
/// `latchkey.upstream.revalidate` wants that: only the database knows.
public final class Revalidation {
  private Revalidation() {}

  /// @param providers those that people sign in through
  public static List<Finding> examine(
      UnaskablePeopleRepository unaskable, List<ProviderConfig> providers) {
    try {
      var people = unaskable.count();
      return providers.stream()
          .map(
              provider ->
                  finding(Providers.nameOf(provider), people.getOrDefault(provider.id(), 0)))
          .toList();
    } catch (SQLException e) {
      return List.of(
          Finding.warning(
              "the database cannot be asked who is revalidated: " + e.getMessage(),
              "`latchkey config check --database` says more."));
    }
  }

  private static Finding finding(String provider, int people) {
    return people == 0
        ? Finding.ok("everybody who came through " + provider + " can be revalidated")
        : Finding.warning(
            people
                + " people who came through "
                + provider
                + " cannot be revalidated: it gave nothing for them to ask by",
            "Whoever of them leaves there stays signed in here. Put offline_access into the scope of"
                + " the provider, or what else it wants",
            "for refresh tokens (docs/organisations), or set latchkey.upstream.revalidate.userinfo, and have them sign in again.");
  }
}
