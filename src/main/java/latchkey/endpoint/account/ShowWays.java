package latchkey.endpoint.account;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.UUID;
import java.util.stream.Collectors;
import latchkey.base.language.Translation;
import latchkey.base.system.Ids;
import latchkey.base.web.AccountPlace;
import latchkey.base.web.Continuation;
import latchkey.domain.lifecycle.OtherWays;
import latchkey.domain.session.SessionWords;
import latchkey.domain.upstream.ProviderButtons;
import latchkey.domain.upstream.ProviderConfig;
import latchkey.domain.upstream.ProviderMark;
import latchkey.domain.upstream.Providers;
import latchkey.domain.upstream.UpstreamLinkView;
import latchkey.domain.upstream.UpstreamLinks;
import latchkey.domain.user.PasswordsConfig;
import latchkey.domain.user.Users;

/// Shows how the person who is signed in can sign in.
@Singleton
class ShowWays {
  private final Door door;
  private final UpstreamLinks links;
  private final Providers providers;
  private final ProviderButtons buttons;
  private final OtherWays otherWays;
  private final Users users;
  private final PasswordsConfig passwords;

  ShowWays(
      Door door,
      UpstreamLinks links,
      Providers providers,
      ProviderButtons buttons,
      OtherWays otherWays,
      Users users,
      PasswordsConfig passwords) {
    this.door = door;
    this.links = links;
    this.providers = providers;
    this.buttons = buttons;
    this.otherWays = otherWays;
    this.users = users;
    this.passwords = passwords;
  }

  /// @param unlinked whether one was let go a moment ago
  Outcome handleAll(Visit visit, boolean unlinked) throws SQLException {
    var here = new Continuation.ShowAccountPage(AccountPlace.of(AccountPlace.Page.WAYS));
    return door.open(
        visit,
        here,
        (person, frame) -> {
          var user = person.user();
          var own = links.ofUser(user.id());
          var ways = own.stream().map(link -> seen(link, frame.translation())).toList();
          var linked = own.stream().map(UpstreamLinkView::providerId).collect(Collectors.toSet());
          var others =
              providers.all().stream()
                  .map(ProviderConfig::id)
                  .filter(id -> !linked.contains(id))
                  .collect(Collectors.toSet());
          return new Outcome.Show(
              new WaysPage(
                  frame,
                  door.matrixId(user),
                  passwords.enabled() && users.hasPassword(user.id()),
                  ways,
                  buttons.some(others, here),
                  unlinked));
        });
  }

  Outcome handleOne(Visit visit, UUID link) throws SQLException {
    return door.open(
        visit,
        new Continuation.ShowAccountPage(AccountPlace.way(link)),
        (person, frame) -> {
          var user = person.user();
          var own =
              links
                  .find(link)
                  .filter(known -> user.id().equals(known.userId()))
                  .orElseThrow(Door::nothing);
          return new Outcome.Show(
              new WayPage(
                  frame,
                  visit.csrf(),
                  door.matrixId(user),
                  seen(own, frame.translation()),
                  !otherWays.exist(link, user.id())));
        });
  }

  private SeenWay seen(UpstreamLinkView link, Translation translation) {
    var provider = providers.find(link.providerId());
    var name = provider.map(Providers::nameOf).orElseGet(() -> Ids.text(link.providerId()));
    return new SeenWay(
        Ids.text(link.id()),
        name,
        provider.map(ProviderMark::of).orElseGet(() -> ProviderMark.of(name)),
        link.accountName(),
        SessionWords.when(link.createdAt(), translation),
        provider.isPresent());
  }
}
