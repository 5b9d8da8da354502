package latchkey.endpoint.matrix;

import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.sql.SQLException;
import latchkey.base.crypto.Secret;
import latchkey.base.error.MatrixProblem;
import latchkey.base.web.PageResponse;
import latchkey.base.web.Queries;
import latchkey.base.web.Requesters;
import latchkey.base.web.ServerMetadata;
import latchkey.domain.user.PasswordsConfig;
import org.jspecify.annotations.Nullable;

/// The metadata where Matrix clients look for it, and the login of those that know no OAuth. A
/// homeserver answers an error at the first while we are down, which logs clients out, so proxies
/// send that path to us.
@Path("/_matrix/client")
public class MatrixResource {
  private static final String JSON = "application/json";
  private static final String EMPTY = "{}";
  private static final String BEARER = "bearer ";

  private final ServerMetadata metadata;
  private final PasswordsConfig passwords;
  private final CompatConfig config;
  private final LogInWithPassword logInWithPassword;
  private final LogInWithToken logInWithToken;
  private final StartCompatSso startCompatSso;
  private final LogOut logOut;
  private final RefreshCompatTokens refreshCompatTokens;
  private final CompatCounters counters;
  private final Requesters requesters;

  MatrixResource(
      ServerMetadata metadata,
      PasswordsConfig passwords,
      CompatConfig config,
      LogInWithPassword logInWithPassword,
      LogInWithToken logInWithToken,
      StartCompatSso startCompatSso,
      LogOut logOut,
      RefreshCompatTokens refreshCompatTokens,
      CompatCounters counters,
      Requesters requesters) {
    this.metadata = metadata;
    this.passwords = passwords;
    this.config = config;
    this.logInWithPassword = logInWithPassword;
    this.logInWithToken = logInWithToken;
    this.startCompatSso = startCompatSso;
    this.logOut = logOut;
    this.refreshCompatTokens = refreshCompatTokens;
    this.counters = counters;
    this.requesters = requesters;
  }

  @GET
  @Path("/v1/auth_metadata")
  @NonBlocking
  public Response authMetadata() {
    return Response.ok(metadata.document(), JSON).build();
  }

  @GET
  @Path("/unstable/org.matrix.msc2965/auth_metadata")
  @NonBlocking
  public Response unstableAuthMetadata() {
    return authMetadata();
  }

  @GET
  @Path("/{version}/login")
  @NonBlocking
  public Response flows() {
    return Response.ok(LoginFlows.json(passwords.enabled()), JSON).build();
  }

  @POST
  @Path("/{version}/login")
  @RunOnVirtualThread
  public Response logIn(
      @HeaderParam("Content-Type") @Nullable String contentType,
      InputStream body,
      @Context HttpServerRequest http)
      throws SQLException {
    var request =
        LoginRequest.read(
            MatrixBody.read(contentType, body), passwords.enabled(), config.emailLogin());
    var requester = requesters.of(http);
    var answer =
        switch (request) {
          case LoginRequest.Password password ->
              counters.login(
                  LoginRequest.PASSWORD, () -> logInWithPassword.handle(password, requester));
          case LoginRequest.Token token ->
              counters.login(LoginRequest.TOKEN, () -> logInWithToken.handle(token, requester));
        };
    return tokens(answer.json());
  }

  @GET
  @Path("/{version}/login/sso/redirect")
  @RunOnVirtualThread
  public Response redirect(@Context HttpServerRequest http) throws SQLException {
    return PageResponse.seeOther(startCompatSso.handle(Queries.readable(http))).build();
  }

  /// People choose their provider on our own page.
  @GET
  @Path("/{version}/login/sso/redirect/{provider}")
  @RunOnVirtualThread
  public Response redirectToProvider(@Context HttpServerRequest http) throws SQLException {
    return redirect(http);
  }

  @POST
  @Path("/{version}/logout")
  @RunOnVirtualThread
  public Response logOut(@HeaderParam("Authorization") @Nullable String authorization) {
    counters.other(
        "logout_request",
        () -> {
          logOut.handle(requireToken(authorization));
          return EMPTY;
        });
    return Response.ok(EMPTY, JSON).build();
  }

  @POST
  @Path("/{version}/logout/all")
  @RunOnVirtualThread
  public Response logOutEverywhere(
      @HeaderParam("Content-Type") @Nullable String contentType,
      @HeaderParam("Authorization") @Nullable String authorization,
      InputStream body)
      throws SQLException {
    counters.other(
        "logout_all_request",
        () -> {
          var only =
              MatrixBody.readOptional(contentType, body).flag("io.element.only_compat_is_fine");
          logOut.handleAll(requireToken(authorization), only);
          return EMPTY;
        });
    return Response.ok(EMPTY, JSON).build();
  }

  @POST
  @Path("/{version}/refresh")
  @RunOnVirtualThread
  public Response refresh(
      @HeaderParam("Content-Type") @Nullable String contentType,
      InputStream body,
      @Context HttpServerRequest http)
      throws SQLException {
    var token = MatrixBody.readDeclared(contentType, body).requireString("refresh_token");
    var pair = refreshCompatTokens.handle(Secret.of(token), requesters.of(http));
    return tokens(LoginAnswer.json(pair).encode());
  }

  private static Response tokens(String json) {
    return Response.ok(json, JSON).header("Cache-Control", "no-store").build();
  }

  private static Secret requireToken(@Nullable String authorization) {
    var text = authorization == null ? "" : authorization;
    boolean bearer = text.regionMatches(true, 0, BEARER, 0, BEARER.length());
    var token = bearer ? text.substring(BEARER.length()).strip() : "";
    if (token.isEmpty()) {
      throw new MatrixProblem(401, "M_MISSING_TOKEN", "Missing access token");
    }
    return Secret.of(token);
  }
}
