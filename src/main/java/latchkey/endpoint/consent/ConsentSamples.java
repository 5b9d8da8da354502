package latchkey.endpoint.consent;

import java.util.List;
import java.util.Map;
import latchkey.base.language.Message;
import latchkey.base.oauth.Scope;
import latchkey.base.web.DeviceName;
import latchkey.base.web.WayBack;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.PageSamples;
import latchkey.domain.session.SessionSamples;

/// What the pages of this room can look like.
public final class ConsentSamples implements PageSamples {
  private static final String SERVER = "example.com";
  private static final String ALICE = "@alice:example.com";
  private static final String GRANT = "01KB0000000000000000000002";
  private static final String USER = "01KB0000000000000000000003";
  private static final String APP = "https://app.example.org/";
  private static final WayBack LINK = new WayBack(APP, false, Map.of());
  private static final WayBack POSTED = new WayBack(APP, true, Map.of("error", "access_denied"));

  @Override
  public List<Sample> in(Frame frame) {
    return List.of(
        new Sample("messages", messages(frame)),
        new Sample("everything", everything(frame)),
        new Sample("refused", refused(frame, 0)),
        new Sample("too-many", refused(frame, 2)),
        new Sample("which-account", account(frame, true)),
        new Sample("wrong-account", account(frame, false)));
  }

  private static ConsentPage messages(Frame frame) {
    var scope = Scope.parse("openid urn:matrix:client:api:*").orElseThrow();
    var name = DeviceName.of(frame.translation(), "Element", "Firefox/140.0");
    return page(
        frame,
        new ConsentPage.Asker("Element", "E", "app.example.org", null, null, null),
        scope,
        new ConsentPage.Device(name, "ABCDEFGHIJ"));
  }

  private static ConsentPage everything(Frame frame) {
    var scope =
        Scope.parse("openid email profile urn:mas:graphql:* urn:synapse:admin:* urn:mas:admin else")
            .orElseThrow();
    return new ConsentPage(
        frame,
        "csrf",
        GRANT,
        SERVER,
        ALICE,
        USER,
        new ConsentPage.Asker(
            "Element", "E", null, APP + "logo.png", APP + "privacy", APP + "terms"),
        ScopeWords.of(scope),
        null,
        POSTED);
  }

  private static ConsentPage page(
      Frame frame, ConsentPage.Asker asker, Scope scope, ConsentPage.Device device) {
    return new ConsentPage(
        frame, "csrf", GRANT, SERVER, ALICE, USER, asker, ScopeWords.of(scope), device, LINK);
  }

  private static ChooseAccountPage account(Frame frame, boolean mayGoOn) {
    var text = Message.of(mayGoOn ? "latchkey.account.choose" : "latchkey.account.wrong.text");
    return new ChooseAccountPage(
        frame,
        "csrf",
        GRANT,
        "kind",
        Message.of("latchkey.account.which"),
        text.with("client_name", "Element").with("mxid", ALICE),
        ALICE,
        USER,
        mayGoOn,
        mayGoOn ? LINK : POSTED);
  }

  private static PolicyRefusalPage refused(Frame frame, long devices) {
    var reasons =
        List.of(
            new PolicyRefusalPage.Reason(null, "only members of staff may use this app"),
            new PolicyRefusalPage.Reason("too-many-sessions", "too many sessions"));
    return new PolicyRefusalPage(
        frame,
        "csrf",
        GRANT,
        SERVER,
        ALICE,
        "Element",
        reasons,
        devices,
        SessionSamples.apps(),
        "account/sessions/choose",
        LINK);
  }
}
