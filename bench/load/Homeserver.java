import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A homeserver that says yes to everything, at once, on as many connections as come, until it is
/// ended: `java -cp … Homeserver PORT`.
final class Homeserver {
  private static final byte[] YES =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}".getBytes(StandardCharsets.US_ASCII);

  public static void main(String[] words) throws IOException {
    try (var server = new ServerSocket(Integer.parseInt(words[0]), 200, InetAddress.getLoopbackAddress())) {
      while (true) {
        var socket = server.accept();
        Thread.ofVirtual().start(() -> answer(socket));
      }
    }
  }

  private static void answer(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      var in = new BufferedInputStream(socket.getInputStream());
      while (true) {
        var head = new StringBuilder();
        for (int last4 = 0; last4 != 0x0d0a0d0a; ) {
          int c = in.read();
          if (c < 0) {
            return;
          }
          head.append((char) c);
          last4 = last4 << 8 | c;
        }
        var lower = head.toString().toLowerCase(Locale.ROOT);
        int length = lower.indexOf("content-length:");
        if (length >= 0) {
          in.readNBytes(Integer.parseInt(lower.substring(length + 15, lower.indexOf('\r', length)).trim()));
        }
        socket.getOutputStream().write(YES);
      }
    } catch (IOException e) {
      // the caller has gone
    }
  }
}
