package latchkey.cli;

import java.util.List;
import latchkey.base.web.ErrorSamples;
import latchkey.base.web.page.PageSamples;
import latchkey.domain.notice.NoticeSamples;
import latchkey.endpoint.account.AccountSamples;
import latchkey.endpoint.consent.ConsentSamples;
import latchkey.endpoint.login.LoginSamples;
import latchkey.endpoint.logout.LogoutSamples;
import latchkey.endpoint.matrix.MatrixSamples;
import latchkey.endpoint.notices.NoticesSamples;
import latchkey.endpoint.register.RegisterSamples;
import latchkey.endpoint.site.StartSamples;
import latchkey.endpoint.upstream.GateSamples;
import latchkey.endpoint.upstream.UpstreamSamples;

/// Every room that shows pages.
public final class Rooms {
  private Rooms() {}

  public static List<PageSamples> withPages() {
    return List.of(
        new ErrorSamples(),
        new LoginSamples(),
        new RegisterSamples(),
        new UpstreamSamples(),
        new NoticesSamples(),
        new NoticeSamples(),
        new ConsentSamples(),
        new AccountSamples(),
        new MatrixSamples(),
        new LogoutSamples(),
        new GateSamples(),
        new StartSamples());
  }
}
