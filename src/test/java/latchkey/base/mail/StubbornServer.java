package latchkey.base.mail;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import latchkey.world.Certificates;
import latchkey.world.KeyEncoding;

/// A mail server that does what no well-behaved one can be told to: it speaks TLS or not, refuses
/// some, or says nothing at all.
final class StubbornServer implements AutoCloseable {
  enum Mood {
    /// Offers STARTTLS, and takes mail only behind it.
    STARTTLS,
    /// Speaks TLS from the first byte.
    TLS,
    /// Offers nothing.
    PLAIN,
    /// Takes the call and never says a word.
    SILENT
  }

  private final ServerSocket server;
  private final Mood mood;
  private final SSLContext tls;
  private final KeyStore trusted;
  private final AtomicInteger calls = new AtomicInteger();
  private final List<String> heard = Collections.synchronizedList(new ArrayList<>());

  StubbornServer(Mood mood) throws IOException, GeneralSecurityException {
    this.mood = mood;
    this.server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    var pair = KeyEncoding.pair("secp256r1");
    var pem = Certificates.selfSigned("localhost", pair, "localhost");
    var certificate =
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("mine", certificate);
    var keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry(
        "mine", pair.getPrivate(), new char[0], new java.security.cert.Certificate[] {certificate});
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, new char[0]);
    tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    Thread.ofVirtual().start(this::serve);
  }

  int port() {
    return server.getLocalPort();
  }

  /// What somebody trusts who knows its certificate.
  SSLSocketFactory trust() throws GeneralSecurityException {
    var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context.getSocketFactory();
  }

  /// How often it was called.
  int calls() {
    return calls.get();
  }

  /// Every word it was told, with `TLS` where it began to be private.
  List<String> heard() {
    return List.copyOf(heard);
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        var socket = server.accept();
        calls.incrementAndGet();
        Thread.ofVirtual().start(() -> talk(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void talk(Socket socket) {
    try (socket) {
      switch (mood) {
        case SILENT -> socket.getInputStream().readAllBytes();
        case TLS -> converse(secured(socket), true);
        case PLAIN, STARTTLS -> {
          if (converse(socket, false)) {
            converse(secured(socket), true);
          }
        }
      }
    } catch (IOException e) {
      // The other side hung up.
    }
  }

  private Socket secured(Socket socket) throws IOException {
    var secure =
        (javax.net.ssl.SSLSocket)
            tls.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
    secure.setUseClientMode(false);
    secure.startHandshake();
    heard.add("TLS");
    return secure;
  }

  /// True if the other side wants to go on in private.
  private boolean converse(Socket socket, boolean secure) throws IOException {
    var in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    if (!secure || mood == Mood.TLS) {
      say(socket, "220 here");
    }
    boolean data = false;
    for (var line = in.readLine(); line != null; line = in.readLine()) {
      heard.add(line);
      if (data) {
        data = !line.equals(".");
        if (!data) {
          say(socket, "250 taken");
        }
      } else if (line.startsWith("EHLO")) {
        say(socket, mood == Mood.STARTTLS && !secure ? "250-here\r\n250 STARTTLS" : "250 here");
      } else if (line.equals("STARTTLS")) {
        say(socket, "220 go on");
        return true;
      } else if (line.contains("nobody@")) {
        say(socket, "550 5.1.1 " + line.substring(line.indexOf('<')) + " is unknown here");
      } else if (line.contains("later@")) {
        say(socket, "450 4.2.0 try again");
      } else if (line.equals("DATA")) {
        data = true;
        say(socket, "354 go on");
      } else {
        say(socket, line.equals("QUIT") ? "221 bye" : "250 fine");
      }
    }
    return false;
  }

  private static void say(Socket socket, String words) throws IOException {
    socket.getOutputStream().write((words + "\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
