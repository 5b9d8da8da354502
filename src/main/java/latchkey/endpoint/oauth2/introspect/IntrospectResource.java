package latchkey.endpoint.oauth2.introspect;

import io.quarkus.virtual.threads.VirtualThreads;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import latchkey.base.crypto.Secret;
import latchkey.base.error.OAuthProblem;
import latchkey.base.oauth.OAuthError;
import latchkey.base.web.Bodies;
import latchkey.base.web.ClientForm;
import latchkey.base.web.Parameters;
import latchkey.base.web.Requesters;
import org.jspecify.annotations.Nullable;

/// Token introspection. What is remembered is answered where the request arrived, on its event
/// loop; whatever may have to wait gets a virtual thread, which costs as much again as the whole
/// answer.
@Path("/oauth2/introspect")
@NonBlocking
public class IntrospectResource {
  /// Sent by homeservers that read the member `device_id`.
  private static final String KNOWS_DEVICES = "X-MAS-Supports-Device-Id";

  private final IntrospectToken introspectToken;
  private final Requesters requesters;
  private final ExecutorService threads;

  IntrospectResource(
      IntrospectToken introspectToken,
      Requesters requesters,
      @VirtualThreads ExecutorService threads) {
    this.introspectToken = introspectToken;
    this.requesters = requesters;
    this.threads = threads;
  }

  @POST
  public Uni<Response> introspect(
      @HeaderParam("Content-Type") String contentType,
      @HeaderParam("Authorization") @Nullable String authorization,
      @HeaderParam(KNOWS_DEVICES) @Nullable String knowsDevices,
      InputStream body,
      @Context HttpServerRequest http) {
    boolean knows = "1".equals(knowsDevices);
    if (!Bodies.hasArrived(body)) {
      return onThread(() -> ask(authorization, knows, Bodies.form(contentType, body), http));
    }
    var form = Bodies.form(contentType, body);
    return form.find("token")
        .flatMap(token -> introspectToken.recall(authorization, Secret.of(token), knows))
        .map(answer -> Uni.createFrom().item(response(answer)))
        .orElseGet(() -> onThread(() -> ask(authorization, knows, form, http)));
  }

  private Uni<Response> onThread(Supplier<Response> question) {
    return Uni.createFrom().item(question).runSubscriptionOn(threads);
  }

  private Response ask(
      @Nullable String authorization,
      boolean knowsDevices,
      Parameters form,
      HttpServerRequest http) {
    introspectToken.requireCaller(
        authorization, ClientForm.read(form), requesters.of(http).ipAddress());
    var token = form.find("token").orElseThrow(IntrospectResource::missing);
    return response(introspectToken.handle(Secret.of(token), knowsDevices));
  }

  private static OAuthProblem missing() {
    return OAuthProblem.of(OAuthError.INVALID_REQUEST, "The parameter token is missing.");
  }

  private static Response response(String answer) {
    return Response.ok(answer, "application/json").header("Cache-Control", "no-store").build();
  }
}
