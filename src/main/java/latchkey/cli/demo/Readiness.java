package latchkey.cli.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Waits until a server says that it is ready.
public final class Readiness {
  private static final Duration PAUSE = Duration.ofMillis(100);

  private Readiness() {}

  public static boolean await(String url, Duration patience) {
    return await(url, patience, () -> true);
  }

  /// @param hope whether there is any reason left to wait
  static boolean await(String url, Duration patience, BooleanSupplier hope) {
    long until = System.nanoTime() + patience.toNanos();
    var request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(2)).build();
    try (var client = HttpClient.newHttpClient()) {
      while (System.nanoTime() < until && hope.getAsBoolean()) {
        if (isReady(client, request)) {
          return true;
        }
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private static boolean isReady(HttpClient client, HttpRequest request)
      throws InterruptedException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }
}
