package latchkey.endpoint.site;

import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.stream.Collectors;
import latchkey.base.database.DatabaseState;
import latchkey.base.error.DomainProblem;
import latchkey.base.error.DomainProblem.Reason;
import latchkey.base.system.Ids;
import latchkey.base.web.Csrf;
import latchkey.base.web.PageResponse;
import latchkey.base.web.Requesters;
import latchkey.base.web.SessionCookie;
import latchkey.domain.homeserver.HomeserverHealth;
import latchkey.domain.token.WithdrawnKeys;
import latchkey.domain.upstream.ProviderWatch;

/// The start page, the stylesheet, and how the process is.
@Path("/")
public class SiteResource {
  private static final String STATE = "X-Latchkey-Database";
  private static final String HOMESERVER = "X-Latchkey-Homeserver";
  private static final String UPSTREAM = "X-Latchkey-Upstream";

  private final ShowStart showStart;
  private final Assets assets;
  private final ConnectionInfo connectionInfo;
  private final Csrf csrf;
  private final SessionCookie sessionCookie;
  private final Requesters requesters;
  private final DatabaseState database;
  private final HomeserverHealth homeserver;
  private final ProviderWatch providers;
  private final WithdrawnKeys withdrawnKeys;
  private final Clock clock;

  SiteResource(
      ShowStart showStart,
      Assets assets,
      ConnectionInfo connectionInfo,
      Csrf csrf,
      SessionCookie sessionCookie,
      Requesters requesters,
      DatabaseState database,
      HomeserverHealth homeserver,
      ProviderWatch providers,
      WithdrawnKeys withdrawnKeys,
      Clock clock) {
    this.showStart = showStart;
    this.assets = assets;
    this.connectionInfo = connectionInfo;
    this.csrf = csrf;
    this.sessionCookie = sessionCookie;
    this.requesters = requesters;
    this.database = database;
    this.homeserver = homeserver;
    this.providers = providers;
    this.withdrawnKeys = withdrawnKeys;
    this.clock = clock;
  }

  @GET
  @RunOnVirtualThread
  public Response start(@Context HttpServerRequest request) {
    var token = csrf.token(request);
    return PageResponse.ok(
            showStart.handle(sessionCookie.read(request), requesters.of(request), token.field()))
        .header("Set-Cookie", token.setCookie())
        .build();
  }

  @GET
  @Path("assets/{name}")
  @NonBlocking
  public Response asset(@PathParam("name") String name) {
    var asset =
        assets
            .find(name)
            .orElseThrow(() -> DomainProblem.of(Reason.NOT_FOUND, "There is no such file."));
    return Response.ok(asset.bytes(), asset.type())
        .header("Cache-Control", "public, max-age=3600")
        .header("ETag", asset.tag())
        .build();
  }

  /// The process serves, with or without its database: what it remembers it still answers.
  @GET
  @Path("health")
  @NonBlocking
  public Response health() {
    return well();
  }

  /// Everything works.
  @GET
  @Path("health/ready")
  @RunOnVirtualThread
  public Response ready() {
    if (!database.isReady()) {
      return notReady("the database does not answer");
    }
    if (withdrawnKeys.minting(clock.instant()).isEmpty()) {
      return notReady(
          "every token key of this server was withdrawn: latchkey.token_keys needs another");
    }
    return well();
  }

  private Response well() {
    var response =
        Response.ok("ok", "text/plain; charset=utf-8")
            .header(STATE, state())
            .header(HOMESERVER, homeserver.state().word());
    var upstream = upstream();
    return (upstream.isEmpty() ? response : response.header(UPSTREAM, upstream)).build();
  }

  /// Each provider by its id: people may sign in by others, so none makes this server unhealthy.
  private String upstream() {
    return providers.all().stream()
        .map(
            provider ->
                Ids.text(provider.provider())
                    + (provider.state() instanceof ProviderWatch.State.Reachable
                        ? "=well"
                        : "=unreachable"))
        .collect(Collectors.joining(", "));
  }

  private Response notReady(String reason) {
    return Response.status(503)
        .entity(reason)
        .type("text/plain; charset=utf-8")
        .header("Retry-After", DatabaseState.RETRY_AFTER.toSeconds())
        .header(STATE, state())
        .build();
  }

  @GET
  @Path("connection-info")
  @NonBlocking
  public Response connectionInfo(@Context HttpServerRequest request) {
    return Response.ok(connectionInfo.of(request), "text/plain; charset=utf-8")
        .header("Cache-Control", "no-store")
        .build();
  }

  private String state() {
    return switch (database.stage()) {
      case DatabaseState.Stage.Starting _ -> "starting";
      case DatabaseState.Stage.Ready _ -> "ready";
      case DatabaseState.Stage.Away _ -> "away";
    };
  }
}
