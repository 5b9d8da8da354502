package latchkey.endpoint.upstream;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.sql.SQLException;
import latchkey.base.web.Bodies;
import org.jspecify.annotations.Nullable;

/// Where a provider says that somebody signed out there (OpenID Connect Back-Channel Logout 1.0).
@Path("/upstream/backchannel-logout")
@RunOnVirtualThread
public class BackchannelLogoutResource {
  private final HearLogout hearLogout;

  BackchannelLogoutResource(HearLogout hearLogout) {
    this.hearLogout = hearLogout;
  }

  @POST
  @Path("/{provider}")
  public Response logOut(
      @PathParam("provider") String provider,
      @HeaderParam("Content-Type") @Nullable String contentType,
      InputStream body)
      throws SQLException {
    hearLogout.handle(provider, () -> Bodies.form(contentType, body));
    // §2.8
    return Response.ok().header("Cache-Control", "no-store").build();
  }
}
