package latchkey.base.web;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

@ApplicationScoped
class Listeners {
  private final Vertx vertx;

  Listeners(Vertx vertx) {
    this.vertx = vertx;
  }

  void open(@Observes StartupEvent event) {
    var options = new HttpServerOptions().setMaxHeaderSize(16384).setMaxInitialLineLength(8192).setReuseAddress(true);
    vertx
        .createHttpServer(options)
        .requestHandler(r -> {
          if (String.valueOf(r.path()).startsWith("/secret")) { r.response().setStatusCode(404).end("nope"); return; }
          VertxHttpRecorder.getRootHandler().handle(r);
        })
        .invalidRequestHandler(r -> { System.out.println("invalid " + r.decoderResult()); r.response().setStatusCode(431).end("bad"); })
        .listen(18080, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .join();
    System.out.println("listening after " + java.lang.management.ManagementFactory.getRuntimeMXBean().getUptime());
  }
}
