package latchkey.endpoint.upstream;

import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import latchkey.base.language.Message;
import latchkey.base.system.Ids;
import latchkey.base.web.AccountStatePage;
import latchkey.base.web.BrandingConfig;
import latchkey.base.web.Continuation;
import latchkey.base.web.Frames;
import latchkey.base.web.Parameters;
import latchkey.base.web.Requester;
import latchkey.base.web.Routes;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import latchkey.domain.grant.AuthorizationGrants;
import latchkey.domain.grant.PendingGrant;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.policy.Violation;
import latchkey.domain.upstream.ProviderConfig;
import latchkey.domain.upstream.ProviderMark;
import latchkey.domain.upstream.Providers;
import latchkey.domain.upstream.UpstreamLinkView;
import latchkey.domain.user.PasswordsConfig;
import latchkey.domain.user.UserView;
import org.jspecify.annotations.Nullable;

/// Fills the pages of this room.
@Singleton
class UpstreamPages {
  /// More of a provider's own words than this nobody reads.
  private static final int LONGEST = 200;

  /// What can go wrong with a provider.
  private enum Kind {
    UNREACHABLE("latchkey.upstream.unreachable.heading", "latchkey.upstream.unreachable.text"),
    DECLINED("latchkey.upstream.declined.heading", "latchkey.upstream.declined.text"),
    UNPROVEN("latchkey.upstream.unproven.heading", "latchkey.upstream.unproven.text"),
    STALE("latchkey.upstream.stale.heading", "latchkey.upstream.stale.text"),
    INCOMPLETE("latchkey.upstream.incomplete.heading", "latchkey.upstream.incomplete.text");

    private final String heading;
    private final String text;

    Kind(String heading, String text) {
      this.heading = heading;
      this.text = text;
    }
  }

  private final Frames frames;
  private final AuthorizationGrants grants;
  private final Homeserver homeserver;
  private final BrandingConfig branding;
  private final PasswordsConfig passwords;
  private final Providers providers;

  UpstreamPages(
      Frames frames,
      AuthorizationGrants grants,
      Homeserver homeserver,
      BrandingConfig branding,
      PasswordsConfig passwords,
      Providers providers) {
    this.frames = frames;
    this.grants = grants;
    this.homeserver = homeserver;
    this.branding = branding;
    this.passwords = passwords;
    this.providers = providers;
  }

  /// In the language that a client which waits has asked for.
  Frame frame(Continuation next, Requester requester) {
    return frame(grants.pending(next), requester);
  }

  Frame frame(Optional<PendingGrant> grant, Requester requester) {
    return frames.frame(requester, grant.map(PendingGrant::locale).orElse(null));
  }

  String matrixId(UserView user) {
    return homeserver.matrixId(user.username()).toString();
  }

  Page postAgain(ProviderConfig provider, Map<String, String> form, Requester requester) {
    var fields = new LinkedHashMap<>(form);
    fields.put(TakeAnswer.POSTED_AGAIN, "true");
    return new UpstreamRepostPage(
        frames.frame(requester),
        Providers.nameOf(provider),
        Routes.UPSTREAM_CALLBACK.substring(1) + Ids.text(provider.id()),
        fields);
  }

  /// It does not answer.
  Page unreachable(ProviderConfig provider, Continuation next, Requester requester) {
    return problem(Kind.UNREACHABLE, provider, next, requester, null);
  }

  /// It said no.
  ///
  /// @param words its own
  Page declined(ProviderConfig provider, String words, Continuation next, Requester requester) {
    return problem(Kind.DECLINED, provider, next, requester, words);
  }

  /// What an error of a provider says, in one line and cut.
  static String words(Parameters answer) {
    var words = new StringBuilder(answer.find("error").orElse(""));
    answer.find("error_description").ifPresent(text -> words.append(": ").append(text));
    return readable(words.toString());
  }

  /// It let somebody through who was signed in there long ago, and who has to prove it anew.
  Page stale(ProviderConfig provider, Continuation next, Requester requester) {
    return problem(Kind.STALE, provider, next, requester, null);
  }

  /// What it said cannot be believed, or it does not accept us.
  Page unproven(ProviderConfig provider, Continuation next, Requester requester) {
    return problem(Kind.UNPROVEN, provider, next, requester, null);
  }

  /// It leaves out what somebody needs who comes in.
  Page incomplete(ProviderConfig provider, Continuation next, Requester requester) {
    return problem(Kind.INCOMPLETE, provider, next, requester, null);
  }

  private Page problem(
      Kind kind,
      ProviderConfig provider,
      Continuation next,
      Requester requester,
      @Nullable String words) {
    var name = Providers.nameOf(provider);
    // What they declined there, they may want to do another way here.
    boolean again = kind != Kind.DECLINED;
    return new UpstreamProblemPage(
        frame(next, requester),
        homeserver.serverName(),
        kind.name().toLowerCase(Locale.ROOT),
        Message.of(kind.heading).with("provider", name),
        Message.of(kind.text).with("provider", name),
        words,
        Contact.of(branding),
        (again ? next.upstreamPath(provider.id()) : next.loginPath()).substring(1),
        Message.of(again ? "latchkey.action.try_again" : "latchkey.upstream.back"),
        again ? next.loginPath().substring(1) : null,
        null);
  }

  /// The account that was to be made cannot be.
  ///
  /// @param link who they are at the provider: to be tied to an account they have already
  Page refused(
      ProviderConfig provider,
      UpstreamLinkView link,
      DraftAccount.Impossible why,
      Continuation next,
      Requester requester) {
    var signIn = new Continuation.LinkUpstream(link.id()).loginPath().substring(1);
    // Without a password, and with no other provider, nobody gets in to link anything.
    boolean canSignIn = passwords.enabled() || providers.all().size() > 1;
    return new UpstreamProblemPage(
        frame(next, requester),
        homeserver.serverName(),
        why.reason().code(),
        about(why.reason().heading(), provider, why),
        about(canSignIn ? why.reason().text() : why.reason().textWithoutWay(), provider, why),
        words(why.violations()),
        Contact.of(branding),
        canSignIn ? signIn : next.loginPath().substring(1),
        Message.of(canSignIn ? "latchkey.upstream.sign_in_to_link" : "latchkey.upstream.back"),
        null,
        null);
  }

  private static Message about(
      Message message, ProviderConfig provider, DraftAccount.Impossible why) {
    return message.with("name", why.what()).with("provider", Providers.nameOf(provider));
  }

  private static @Nullable String words(List<Violation> violations) {
    return violations.isEmpty()
        ? null
        : readable(String.join("; ", violations.stream().map(Violation::message).toList()));
  }

  /// In one line, cut, without what a terminal or a page would take for an order.
  private static String readable(String words) {
    var line = words.replaceAll("[\\p{C}\\s]+", " ").strip();
    return line.codePointCount(0, line.length()) <= LONGEST
        ? line
        : line.substring(0, line.offsetByCodePoints(0, LONGEST)) + "…";
  }

  Page link(Arrival arrival, UserView user, boolean taken, Visit visit) {
    var link = arrival.link();
    return new UpstreamLinkPage(
        frame(arrival.next(), visit.requester()),
        visit.csrf(),
        Ids.text(link.id()),
        Providers.nameOf(arrival.provider()),
        ProviderMark.of(arrival.provider()),
        nameThere(arrival),
        matrixId(user),
        taken,
        arrival.next().path().substring(1),
        new Continuation.LinkUpstream(link.id()).parameters());
  }

  /// What they recognise their account there by. Who is about to link somebody else's is to see
  /// that.
  private static String nameThere(Arrival arrival) {
    var link = arrival.link();
    var claims = arrival.completed().claims();
    return Optional.ofNullable(link.accountName())
        .or(
            () ->
                Stream.of("preferred_username", "email", "login", "name")
                    .flatMap(
                        key ->
                            Stream.of(claims.idToken(), claims.userinfo())
                                .flatMap(Optional::stream)
                                .flatMap(said -> Stream.ofNullable(said.get(key))))
                    .filter(String.class::isInstance)
                    .map(String.class::cast)
                    .filter(text -> !text.isBlank())
                    .findFirst())
        .map(UpstreamPages::readable)
        .orElse(link.subject());
  }

  Page register(
      Arrival arrival, Offer offer, RegisterForm form, RegisterErrors errors, Visit visit) {
    var link = arrival.link();
    var name = Providers.nameOf(arrival.provider());
    var heading =
        offer.usernameFixed()
            ? Message.of("latchkey.register.heading.import").with("provider", name)
            : arrival.provider().humanName().isPresent()
                ? Message.of("latchkey.register.heading.with").with("provider", name)
                : Message.of("latchkey.register.heading.choose");
    return new UpstreamRegisterPage(
        frame(arrival.next(), visit.requester()),
        visit.csrf(),
        homeserver.serverName(),
        Ids.text(link.id()),
        name,
        ProviderMark.of(arrival.provider()),
        link.accountName(),
        heading,
        offer,
        form,
        errors,
        new Continuation.LinkUpstream(link.id()).loginPath().substring(1));
  }

  Page inactive(UserView user, Continuation next, Visit visit) {
    return AccountStatePage.inactive(
        frame(next, visit.requester()),
        user.deactivated(),
        matrixId(user),
        visit.csrf(),
        next.parameters());
  }
}
