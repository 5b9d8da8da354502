package latchkey.base.listener;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import latchkey.base.crypto.CertifiedKey;
import org.jspecify.annotations.Nullable;

/// Hands the current pair of a listener to each handshake. A new pair takes effect with the next
/// one; connections that are open stay as they are. (Vert.x can change its options too, but refuses
/// the connections that arrive meanwhile.)
final class CertificateHolder extends X509ExtendedKeyManager {
  private final TlsConfig config;
  private volatile Pairs pairs;

  /// A handshake asks three times, by the alias it was given first; a pair that is replaced
  /// meanwhile must still be there.
  private record Pairs(int number, CertifiedKey current, CertifiedKey before) {
    Pairs followedBy(CertifiedKey next) {
      return new Pairs(number + 1, next, current);
    }

    String alias() {
      return "pair-" + number;
    }

    CertifiedKey of(String alias) {
      return alias.equals(alias()) ? current : before;
    }
  }

  CertificateHolder(TlsConfig config) throws TlsConfig.Unusable {
    this.config = config;
    var first = config.load();
    this.pairs = new Pairs(1, first, first);
  }

  /// @throws TlsConfig.Unusable if the pair cannot be used; then the old one stays
  synchronized void reload() throws TlsConfig.Unusable {
    pairs = pairs.followedBy(config.load());
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    return alias(keyType);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return alias(keyType);
  }

  private @Nullable String alias(String keyType) {
    var known = pairs;
    return keyType.equals(known.current().key().getAlgorithm()) ? known.alias() : null;
  }

  @Override
  public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[] {pairs.alias()};
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return pairs.of(alias).chain().toArray(X509Certificate[]::new);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return pairs.of(alias).key();
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyType, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }
}
