import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.net.ssl.SSLSocketFactory;

/// One connection to the server, kept alive; opened again if the other side said that it hangs up.
/// HTTP/1.1, in the clear or over TLS.
final class Connection implements AutoCloseable {
  /// @param body empty if there was none
  record Answer(int status, String head, String body) {}

  private final URI url;
  private Socket socket;
  private InputStream in;
  private OutputStream out;

  Connection(URI url) throws IOException {
    this.url = url;
    open();
  }

  private void open() throws IOException {
    boolean secure = "https".equals(url.getScheme());
    int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
    socket = secure ? SSLSocketFactory.getDefault().createSocket(url.getHost(), port) : new Socket(url.getHost(), port);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
    out = socket.getOutputStream();
  }

  Answer send(byte[] request) throws IOException {
    out.write(request);
    out.flush();
    var head = new StringBuilder(256);
    for (int last4 = 0; last4 != 0x0d0a0d0a; ) {
      int c = in.read();
      if (c < 0) {
        throw new IOException("the server hung up");
      }
      head.append((char) c);
      last4 = last4 << 8 | c;
    }
    var text = head.toString();
    var lower = text.toLowerCase(Locale.ROOT);
    int length = lower.indexOf("\ncontent-length:");
    String body;
    if (length >= 0) {
      int count = Integer.parseInt(text.substring(length + 16, text.indexOf('\r', length)).trim());
      body = new String(in.readNBytes(count), StandardCharsets.UTF_8);
    } else {
      body = lower.contains("transfer-encoding: chunked") ? chunks() : "";
    }
    if (lower.contains("\nconnection: close")) {
      socket.close();
      open();
    }
    return new Answer(Integer.parseInt(text.substring(9, 12)), text, body);
  }

  private String chunks() throws IOException {
    var body = new java.io.ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(line().split(";")[0].trim(), 16);
      body.write(in.readNBytes(size));
      line();
      if (size == 0) {
        return body.toString(StandardCharsets.UTF_8);
      }
    }
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n' && c >= 0; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
