package latchkey.endpoint.matrix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import latchkey.world.House;

/// Requests that no well-behaved HTTP client would send.
final class Raw {
  private Raw() {}

  record Answer(String statusLine, String rest) {}

  /// A body of which nothing says what it is.
  static Answer post(String path, String body) {
    return send(path, "", body);
  }

  static Answer post(String path, String contentType, String body) {
    return send(path, "Content-Type: " + contentType + "\r\n", body);
  }

  private static Answer send(String path, String header, String body) {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    var head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\nConnection: close\r\n%s\r\n"
            .formatted(path, bytes.length, header);
    try (var socket = new Socket("localhost", House.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(bytes);
      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int end = answer.indexOf("\r\n");
      return new Answer(answer.substring(0, end), answer.substring(end));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
