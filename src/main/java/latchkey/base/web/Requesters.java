package latchkey.base.web;

import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import latchkey.base.language.LanguagePriorityList;
import org.jspecify.annotations.Nullable;

/// Tells who is asking. `X-Forwarded-For` counts only when the peer itself is a trusted proxy; the
/// answer is the last address that is none.
@Singleton
public class Requesters {
  private static final int AGENT_LIMIT = 1024;
  private static final int LONGEST_CHAIN = 64;

  private final HttpConfig http;

  public Requesters(HttpConfig http) {
    this.http = http;
  }

  public Requester of(HttpServerRequest request) {
    return new Requester(
        address(request),
        agent(request),
        LanguagePriorityList.ofHeader(request.getHeader("Accept-Language")));
  }

  private static @Nullable String agent(HttpServerRequest request) {
    var agent = request.getHeader("User-Agent");
    if (agent == null) {
      return null;
    }
    var clean = agent.replace("\0", "");
    return clean.length() > AGENT_LIMIT ? clean.substring(0, AGENT_LIMIT) : clean;
  }

  private @Nullable String address(HttpServerRequest request) {
    var peer = request.remoteAddress();
    // Whoever may open our Unix socket is a proxy; it has no address of its own.
    var first = peer == null || peer.hostAddress() == null ? null : parse(peer.hostAddress());
    var chain = new ArrayList<InetAddress>();
    if (first == null || isTrusted(first)) {
      chain.addAll(forwarded(request.headers().getAll("X-Forwarded-For")));
    }
    for (int i = chain.size() - 1; i >= 0; i--) {
      if (!isTrusted(chain.get(i))) {
        return chain.get(i).getHostAddress();
      }
    }
    var farthest = chain.isEmpty() ? first : chain.getFirst();
    return farthest == null ? null : farthest.getHostAddress();
  }

  private boolean isTrusted(InetAddress address) {
    return http.trustedProxies().stream().anyMatch(network -> network.contains(address));
  }

  /// The addresses of all such headers, in their order: a proxy may add a header of its own instead
  /// of a word to the one there is. Of a long list the end counts, where our proxies write.
  private static List<InetAddress> forwarded(List<String> headers) {
    var parts = String.join(",", headers).split(",", -1);
    var addresses = new ArrayList<InetAddress>();
    for (int i = Math.max(0, parts.length - LONGEST_CHAIN); i < parts.length; i++) {
      var address = parse(withoutPort(parts[i].strip()));
      if (address != null) {
        addresses.add(address);
      }
    }
    return addresses;
  }

  /// Some proxies name the port too: `192.0.2.1:4711`, `[2001:db8::1]:4711`.
  private static String withoutPort(String word) {
    if (word.startsWith("[")) {
      int end = word.indexOf(']');
      return end < 0 ? word : word.substring(1, end);
    }
    int colon = word.indexOf(':');
    return colon >= 0 && colon == word.lastIndexOf(':') ? word.substring(0, colon) : word;
  }

  /// A literal address, never a name: nothing is looked up.
  private static @Nullable InetAddress parse(String literal) {
    int zone = literal.indexOf('%');
    try {
      return InetAddress.ofLiteral(zone < 0 ? literal : literal.substring(0, zone));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
