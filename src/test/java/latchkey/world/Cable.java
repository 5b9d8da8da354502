package latchkey.world;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// A wire to a server on this machine that a test can cut and mend, and that counts what goes over
/// it.
public final class Cable implements AutoCloseable {
  private final ServerSocket socket;
  private final int target;
  private final Set<Socket> ends = ConcurrentHashMap.newKeySet();
  private final AtomicLong sent = new AtomicLong();
  private volatile boolean cut;

  public Cable(int target) {
    try {
      this.socket = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.target = target;
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return socket.getLocalPort();
  }

  /// Everything on the wire is dropped, and nobody gets through any more.
  public void cut() {
    cut = true;
    ends.forEach(Cable::close);
    ends.clear();
  }

  public void mend() {
    cut = false;
  }

  /// Messages that went to the server so far.
  public long messages() {
    return sent.get();
  }

  @Override
  public void close() throws IOException {
    socket.close();
    ends.forEach(Cable::close);
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        var near = socket.accept();
        if (cut) {
          close(near);
        } else {
          join(near, new Socket(InetAddress.getLoopbackAddress(), target));
        }
      } catch (IOException e) {
        // closed, or the far end is away: the caller sees a dead connection
      }
    }
  }

  private void join(Socket near, Socket far) throws IOException {
    near.setTcpNoDelay(true);
    far.setTcpNoDelay(true);
    ends.add(near);
    ends.add(far);
    pump(near.getInputStream(), far.getOutputStream(), near, far, true);
    pump(far.getInputStream(), near.getOutputStream(), near, far, false);
  }

  private void pump(InputStream from, OutputStream to, Socket near, Socket far, boolean count) {
    Thread.ofVirtual()
        .start(
            () -> {
              var buffer = new byte[16 * 1024];
              try {
                for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                  if (count) {
                    sent.incrementAndGet();
                  }
                  to.write(buffer, 0, read);
                  to.flush();
                }
              } catch (IOException e) {
                // cut
              } finally {
                close(near);
                close(far);
                ends.remove(near);
                ends.remove(far);
              }
            });
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is gone already
    }
  }
}
