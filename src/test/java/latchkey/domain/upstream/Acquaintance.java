package latchkey.domain.upstream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import latchkey.base.config.Configuration;
import latchkey.base.crypto.Secret;
import latchkey.base.crypto.SigningKey;
import latchkey.base.crypto.SigningKeys;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;
import latchkey.base.web.HttpConfig;
import latchkey.domain.upstream.AuthorizationParameters.Sent;
import latchkey.world.FakeUpstream;
import latchkey.world.MovableClock;

/// A provider, and everything of ours that talks to it: plain objects, without a server.
final class Acquaintance implements AutoCloseable {
  static final Sent NOTHING_MORE = new Sent(Map.of(), List.of());
  private static final SigningKeys OURS = signingKeys();

  /// One for all: it takes its time to make its keys.
  private static final FakeUpstream PROVIDER = new FakeUpstream("01KB0000000000000000000001");

  private static final HttpConfig HTTP =
      new HttpConfig(
          URI.create("https://auth.example.com/"), "https://auth.example.com/", List.of());

  final FakeUpstream provider = PROVIDER;
  final MovableClock clock = new MovableClock();
  final SigningKeys signingKeys = OURS;
  final Trips trips = new Trips(new byte[32]);
  final ProviderConfig config;
  final Providers providers;
  final ProviderWatch watch;
  final CheckSignature signature;
  final CheckIdToken checkIdToken;
  final AskProvider ask;
  final FetchIdentity fetch;
  final RevalidateIdentity revalidate;
  final EndSessionAddress endSession;
  private UUID trip = new UUID(0, 0);

  private Acquaintance(String further, Duration deadline) {
    provider.reset();
    provider.liveBy(clock);
    provider.person("alice", Map.of("preferred_username", "alice", "email", "alice@example.org"));
    var upstream = upstream(provider.yaml(further));
    config = upstream.providers().getFirst();
    providers = new Providers(upstream);
    var connection = new ProviderConnection(deadline);
    watch = new ProviderWatch(providers, new AskMetadata(connection), clock);
    signature = new CheckSignature(watch);
    checkIdToken = new CheckIdToken(signature, clock);
    var callback = new CallbackAddress(HTTP);
    ask = new AskProvider(watch, callback);
    var prove = new ProveClient(signingKeys, clock, new Ids(new Randomness()));
    var tokens = new AskTokens(connection, prove, watch);
    var userinfo = new AskUserinfo(connection, signature, watch);
    fetch = new FetchIdentity(tokens, checkIdToken, userinfo, watch, callback);
    revalidate = new RevalidateIdentity(tokens, checkIdToken, userinfo);
    endSession = new EndSessionAddress(watch);
  }

  /// @param further keys of the provider's entry, one a line
  static Acquaintance with(String further) {
    return new Acquaintance(further, Duration.ofSeconds(5));
  }

  /// The same, with this patience.
  static Acquaintance within(Duration deadline) {
    return new Acquaintance("", deadline);
  }

  /// The same, with little patience.
  static Acquaintance inHaste(String further) {
    return new Acquaintance(further, Duration.ofMillis(300));
  }

  static UpstreamConfig upstream(String entry) {
    try {
      var file = Files.createTempFile("provider", ".yaml");
      file.toFile().deleteOnExit();
      Files.writeString(file, "upstream_oauth2:\n  providers:\n" + entry.indent(4));
      var root = Configuration.load(List.of(file), Map.of()).root(true);
      var upstream = UpstreamConfig.read(root);
      if (!root.faults().errors().isEmpty()) {
        throw new IllegalArgumentException(root.faults().errors().toString());
      }
      return upstream;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  VerifyLogoutToken verifyLogoutToken(DataSource database) {
    return new VerifyLogoutToken(signature, new UsedLogoutTokenRepository(database), clock);
  }

  /// A new trip; the one that is meant from now on.
  TripSecrets depart() {
    trip = new UUID(trip.getMostSignificantBits(), trip.getLeastSignificantBits() + 1);
    return secrets();
  }

  TripSecrets secrets() {
    return trips.secrets(trip, config.id());
  }

  /// A browser goes there; what it brings back.
  Map<String, String> go(URI there) {
    try (var browser = HttpClient.newHttpClient()) {
      var answer = browser.send(HttpRequest.newBuilder(there).build(), BodyHandlers.ofString());
      var back = URI.create(answer.headers().firstValue("Location").orElseThrow());
      return query(back);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// There and back.
  Map<String, String> travel() {
    return go(ask.handle(config, depart(), NOTHING_MORE, PassedOn.NOTHING));
  }

  Identity arrive(Map<String, String> callback) {
    return fetch.handle(config, Secret.of(callback.get("code")), secrets(), callback);
  }

  Identity signIn() {
    return arrive(travel());
  }

  static Map<String, String> query(URI uri) {
    var parameters = new LinkedHashMap<String, String>();
    for (var pair : uri.getRawQuery().split("&")) {
      var parts = pair.split("=", 2);
      parameters.put(decoded(parts[0]), decoded(parts[1]));
    }
    return parameters;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static SigningKeys signingKeys() {
    try {
      var rsa = KeyPairGenerator.getInstance("RSA");
      rsa.initialize(2048);
      var ec = KeyPairGenerator.getInstance("EC");
      ec.initialize(256);
      return new SigningKeys(
          List.of(
              SigningKey.of("ours-rsa", rsa.generateKeyPair().getPrivate()),
              SigningKey.of("ours-ec", ec.generateKeyPair().getPrivate())));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    provider.reset();
  }
}
