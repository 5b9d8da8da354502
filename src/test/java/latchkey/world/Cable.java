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

/// A wire to a server on this machine that a test can cut, mend, freeze, and plug in elsewhere, and
/// that counts what goes over it.
public final class Cable implements AutoCloseable {
  private final ServerSocket socket;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final AtomicLong sent = new AtomicLong();
  private volatile int target;
  private volatile boolean cut;
  private volatile boolean frozen;
  private volatile long replyLimit = Long.MAX_VALUE;

  /// One connection: the near end is the caller's, the far end is the server's.
  private record Link(Socket near, Socket far, Valve valve) {
    void close() {
      Cable.close(near);
      Cable.close(far);
      valve.open();
    }
  }

  /// Lets bytes through, or keeps them where they are.
  private static final class Valve {
    private boolean shut;

    synchronized void shut() {
      shut = true;
    }

    synchronized void open() {
      shut = false;
      notifyAll();
    }

    synchronized void pass() throws IOException {
      while (shut) {
        try {
          wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException(e);
        }
      }
    }
  }

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
    dropAll();
  }

  public void mend() {
    cut = false;
  }

  /// Connections made from now on break after that many bytes from the server.
  public void breakAfter(long bytes) {
    replyLimit = bytes;
  }

  /// Nothing moves any more, and neither end is told: a wire pulled out somewhere in between.
  public void freeze() {
    frozen = true;
    links.forEach(link -> link.valve().shut());
  }

  /// What was under way arrives now.
  public void thaw() {
    frozen = false;
    links.forEach(link -> link.valve().open());
  }

  /// Freezes one connection for good: the one the server sees coming from `port`.
  public void freezeLink(int port) {
    links.stream()
        .filter(link -> link.far().getLocalPort() == port)
        .forEach(link -> link.valve().shut());
  }

  /// From now on the wire leads to another server; what was connected is dropped.
  public void plugInto(int port) {
    target = port;
    dropAll();
  }

  /// Messages that went to the server so far.
  public long messages() {
    return sent.get();
  }

  @Override
  public void close() throws IOException {
    socket.close();
    dropAll();
  }

  private void dropAll() {
    links.forEach(Link::close);
    links.clear();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        var near = socket.accept();
        if (cut) {
          close(near);
        } else {
          join(near);
        }
      } catch (IOException e) {
        // closed
      }
    }
  }

  private void join(Socket near) throws IOException {
    try {
      var far = new Socket(InetAddress.getLoopbackAddress(), target);
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      var link = new Link(near, far, new Valve());
      if (frozen) {
        link.valve().shut();
      }
      links.add(link);
      pump(near.getInputStream(), far.getOutputStream(), link, true);
      pump(far.getInputStream(), near.getOutputStream(), link, false);
    } catch (IOException e) {
      // the far end is away: the caller sees a dead connection
      close(near);
    }
  }

  private void pump(InputStream from, OutputStream to, Link link, boolean count) {
    Thread.ofVirtual()
        .start(
            () -> {
              var buffer = new byte[16 * 1024];
              long left = count ? Long.MAX_VALUE : replyLimit;
              try {
                for (int read = from.read(buffer);
                    read >= 0 && left > 0;
                    read = from.read(buffer)) {
                  link.valve().pass();
                  if (count) {
                    sent.incrementAndGet();
                  }
                  int passed = (int) Math.min(read, left);
                  left -= passed;
                  to.write(buffer, 0, passed);
                  to.flush();
                  if (left == 0) {
                    break;
                  }
                }
                link.valve().pass();
              } catch (IOException e) {
                // cut
              } finally {
                link.close();
                links.remove(link);
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
