package latchkey.endpoint.consent;

import java.util.List;
import latchkey.base.oauth.Scope;
import latchkey.base.web.DeviceName;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.PageSamples;

/// What the pages of this room can look like.
public final class ConsentSamples implements PageSamples {
  private static final String SERVER = "example.com";
  private static final String ALICE = "@alice:example.com";
  private static final String GRANT = "01KB0000000000000000000002";
  private static final String APP = "https://app.example.org/";

  @Override
  public List<Sample> in(Frame frame) {
    return List.of(
        new Sample("messages", messages(frame)),
        new Sample("everything", everything(frame)),
        new Sample("refused", refused(frame)));
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
        new ConsentPage.Asker(
            "Element", "E", null, APP + "logo.png", APP + "privacy", APP + "terms"),
        ScopeWords.of(scope),
        null,
        APP);
  }

  private static ConsentPage page(
      Frame frame, ConsentPage.Asker asker, Scope scope, ConsentPage.Device device) {
    return new ConsentPage(
        frame, "csrf", GRANT, SERVER, ALICE, asker, ScopeWords.of(scope), device, APP);
  }

  private static PolicyRefusalPage refused(Frame frame) {
    var reasons =
        List.of(
            new PolicyRefusalPage.Reason(null, "only members of staff may use this app"),
            new PolicyRefusalPage.Reason("too-many-sessions", "too many sessions"));
    return new PolicyRefusalPage(frame, "csrf", GRANT, SERVER, ALICE, "Element", reasons, APP);
  }
}
