package latchkey.domain.lifecycle;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import latchkey.base.crypto.Encryption;
import latchkey.base.system.Ids;
import latchkey.world.FakeUpstream;
import latchkey.world.LeavingHouse;
import latchkey.world.Newcomer;
import latchkey.world.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// An organisation whose people come and go, with time at hand.
abstract class LeavingScene {
  static final Map<String, Object> MEMBER = Map.of("groups", List.of("matrix"));

  /// The interval, and the longest pause between two rounds.
  static final Duration A_WHILE = Duration.ofSeconds(151);

  @Inject World world;
  @Inject Encryption encryption;
  @Inject RevalidateUpstream revalidate;
  @Inject MeterRegistry meters;

  @BeforeEach
  void all_is_well() {
    world.awaitReady();
    LeavingHouse.reset(world.clock());
    world.homeserver().comeBack();
    // Nobody of another test is asked about.
    World.sql(
        "update latchkey.upstream_sessions set encrypted_refresh_token = null, revalidate_at = null");
  }

  @AfterEach
  void providers_are_back() {
    LeavingHouse.reset(world.clock());
  }

  Newcomer at(FakeUpstream provider, String subject, Map<String, Object> claims) {
    return Newcomer.of(world, provider, encryption, subject, claims);
  }

  void aWhileLater() {
    world.clock().advance(A_WHILE);
    world.runJobs();
  }

  /// How often it was asked with a refresh token.
  static long asked(FakeUpstream provider) {
    return provider.asked(FakeUpstream.Endpoint.TOKEN).stream()
        .filter(asked -> "refresh_token".equals(asked.parameters().get("grant_type")))
        .count();
  }

  static boolean isAdmin(Newcomer one) {
    return World.count(
            "select count(*) from latchkey.users where id = '%s' and can_request_admin"
                .formatted(one.person().id()))
        == 1;
  }

  static String scopes(Newcomer one) {
    return String.valueOf(
        World.text(
            "select granted_scopes from latchkey.upstream_links where id = '%s'"
                .formatted(one.link())));
  }

  static boolean hasRefreshToken(Newcomer one) {
    return World.count(
            "select count(*) from latchkey.upstream_sessions where id = '%s' and encrypted_refresh_token is not null"
                .formatted(one.trip()))
        == 1;
  }

  static boolean isGone(Newcomer one) {
    return World.count(
            "select count(*) from latchkey.upstream_links where id = '%s' and gone_at is not null"
                .formatted(one.link()))
        == 1;
  }

  double exitsHeld(FakeUpstream provider) {
    return meters
        .get("latchkey.upstream.exits.held")
        .tag("provider", provider.id())
        .gauge()
        .value();
  }

  static void forgetPassword(Newcomer one) {
    World.sql(
        "delete from latchkey.user_passwords where user_id = '%s'".formatted(one.person().id()));
  }

  /// They have an account at this provider too.
  static void link(Newcomer one, String provider) {
    var id = Ids.parse(provider).orElseThrow();
    World.sql(
        "insert into latchkey.upstream_providers (id, client_id, created_at) values ('%s', 'x', now()) on conflict do nothing"
            .formatted(id));
    World.sql(
        "insert into latchkey.upstream_links (id, provider_id, user_id, subject, created_at) values (gen_random_uuid(), '%s', '%s', 'also-%s', now())"
            .formatted(id, one.person().id(), one.subject()));
  }

  void giveAppPassword(Newcomer one) {
    World.sql(
        """
        insert into latchkey.app_passwords (id, user_id, name, digest, created_at)
        values (gen_random_uuid(), '%s', 'nio', decode(md5('%s') || md5('%s'), 'hex'), now())
        """
            .formatted(one.person().id(), one.subject(), one.trip()));
  }

  static long appPasswords(Newcomer one) {
    return World.count(
        "select count(*) from latchkey.app_passwords where user_id = '%s' and revoked_at is null"
            .formatted(one.person().id()));
  }

  static String details(Newcomer one, String kind) {
    return String.valueOf(
        World.text(
            "select details from latchkey.audit_events where user_id = '%s' and kind = '%s'"
                .formatted(one.person().id(), kind)));
  }
}
