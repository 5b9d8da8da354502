package latchkey.outage;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.UncheckedIOException;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import latchkey.world.Replica;

/// Checks ID tokens against the published keys, which it fetches from any replica and keeps for a
/// while, as clients do.
final class IdTokenReader {
  private final List<Replica> replicas;
  private final Duration kept;
  private final Random random = new Random();
  private final Queue<String> troubles = new ConcurrentLinkedQueue<>();
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private JWKSet known = new JWKSet();
  private long fetchedAt = System.nanoTime() - Duration.ofDays(1).toNanos();

  IdTokenReader(List<Replica> replicas, Duration kept) {
    this.replicas = replicas;
    this.kept = kept;
  }

  /// Notes what is wrong with it.
  synchronized void check(String idToken) {
    try {
      var jwt = SignedJWT.parse(idToken);
      var kid = jwt.getHeader().getKeyID();
      seen.add(kid);
      var key = published().getKeyByKeyId(kid);
      if (key == null) {
        troubles.add("signed by " + kid + ", known are " + known.getKeys().size());
      } else if (!jwt.verify(new RSASSAVerifier(key.toRSAKey()))) {
        troubles.add("not signed by " + kid);
      }
    } catch (ParseException | JOSEException e) {
      troubles.add(e.toString());
    }
  }

  /// What was wrong with tokens so far.
  List<String> troubles() {
    return List.copyOf(troubles);
  }

  boolean hasSeen(String kid) {
    return seen.contains(kid);
  }

  /// Whoever has none yet, or old ones, asks until there is an answer.
  private JWKSet published() throws ParseException {
    while (System.nanoTime() - fetchedAt > kept.toNanos()) {
      long now = System.nanoTime();
      try {
        var answer = replicas.get(random.nextInt(replicas.size())).get("/oauth2/keys.json");
        if (answer.status() == 200) {
          known = JWKSet.parse(answer.body());
          fetchedAt = now;
        }
      } catch (UncheckedIOException e) {
        // It is being restarted: the next round may ask another one.
      }
    }
    return known;
  }
}
