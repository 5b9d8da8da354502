package latchkey.domain.token.history;

import java.util.ArrayList;
import java.util.List;
import latchkey.domain.token.history.Client.Request;
import latchkey.domain.token.history.Invariants.Presented;
import latchkey.domain.token.history.Server.Forgery;
import latchkey.domain.token.history.Server.Held;
import latchkey.domain.token.history.Server.Proof;

/// Plays a history against a server and the model at once. After each event both must have answered
/// the same and stand at the same row, and the invariants must hold.
public final class Player {
  private static final List<String> AGENTS = List.of("phone", "thief", "desktop");

  private final Server server;
  private final Model model;
  private final Setup setup;
  private final Invariants invariants;
  private final Client client;
  private final Vocabulary words = new Vocabulary();
  private final List<Held> loot = new ArrayList<>();
  private Who thief = new Who(Who.Place.CAFE, "thief");
  private int backups;
  private long now;

  public Player(Server server, Model model, Setup setup) {
    this.server = server;
    this.model = model;
    this.setup = setup;
    this.now = server.start();
    this.client = new Client(server.first());
    var first = server.first();
    words.learn(server.meaning(first.refresh()), first.refresh());
    words.learn(server.meaning(first.access()), first.access());
    for (int replica = 0; replica < setup.replicas(); replica++) {
      model.equip(replica, server.keys(replica));
    }
    this.invariants = new Invariants(setup, model.observe().generation(), now);
    backUp();
  }

  /// @throws AssertionError that names the event at which something was wrong
  public static void play(History history, Server server, Model model) {
    var player = new Player(server, model, history.setup());
    for (int i = 0; i < history.events().size(); i++) {
      player.step(i, history.events().get(i));
    }
    player.step(history.events().size(), "the end", player::end);
  }

  private void step(int index, Event event) {
    step(index, event.toString(), () -> happen(event));
  }

  private void step(int index, String what, Runnable happening) {
    try {
      var before = model.observe();
      happening.run();
      var expected = model.observe();
      var observed = server.observe();
      boolean goes = observed.deviceGoes() || !expected.isOver();
      Invariants.check(goes, "the device stays");
      Invariants.check(
          expected.equals(observed.withDevice(expected.deviceGoes())),
          "the row should be " + expected + " and is " + observed);
      invariants.settled(observed);
      if (!before.equals(expected)) {
        backUp();
      }
    } catch (AssertionError e) {
      throw new AssertionError("event " + index + " (" + what + "): " + e.getMessage(), e);
    }
  }

  private void happen(Event event) {
    int a = event.a();
    int b = event.b();
    switch (event.kind()) {
      case READ -> client.read(a);
      case ASK -> client.ask(a, replica(b));
      case ARRIVE, ARRIVE_TWICE -> arrive(a, event.kind() == Event.Kind.ARRIVE_TWICE);
      case LOSE_REQUEST -> {
        if (client.hasRequests()) {
          client.request(a, false);
        }
      }
      case RECEIVE -> {
        if (client.hasReplies()) {
          client.receive(client.reply(a));
        }
      }
      case LOSE_REPLY -> {
        if (client.hasReplies()) {
          client.reply(a);
        }
      }
      case USE, USERINFO ->
          use(replica(b), client.memory(a).access(), event.kind() == Event.Kind.USERINFO);
      case MOVE -> client.move(a, b);
      case RENAME -> client.rename(a, b);
      case RESTART -> client.restart(a);
      case WAIT -> pass(a);
      case CLOCK_BACK -> pass(-a);
      case STEAL_STORE -> loot.add(client.store());
      case STEAL_MEMORY -> loot.add(client.memory(a));
      case STEAL_REPLY -> steal(a);
      case THIEF_ASK -> thiefAsks(a, replica(b));
      case THIEF_USE -> {
        if (!loot.isEmpty()) {
          invariants.excuse();
          use(replica(b), loot(a).access(), a % 2 == 1);
        }
      }
      case THIEF_MOVE -> thief = new Who(Who.Place.of(b), thief.agent());
      case THIEF_RENAME -> thief = new Who(thief.place(), AGENTS.get(b % AGENTS.size()));
      case FLUSH -> {
        server.flush(replica(a));
        model.flush(replica(a));
        invariants.flushed(replica(a));
      }
      case CRASH -> crash(replica(a));
      case LOCK, UNLOCK -> lock(event.kind() == Event.Kind.LOCK);
      case DEACTIVATE -> {
        invariants.excuse();
        server.deactivate();
        model.deactivate();
      }
      case REVOKE -> revoke(a, replica(b));
      case FAIL_OVER -> failOver(a);
      case VANISH -> {
        invariants.excuse();
        server.vanish();
        model.vanish();
      }
      case ACCEPT_LOSS -> acceptLoss();
      case ADD_KEY -> configure(a, allKeys(a));
      case MINT -> configure(a, allKeys(a).minting(key(b)));
      case WITHDRAW -> {
        invariants.excuse();
        configure(a, allKeys(a).withdrawing(2 + b % 2));
      }
      case FORGE -> forge(Forgery.values()[a % Forgery.values().length], replica(b));
      case WRONG_CLIENT -> wrongClient(Proof.values()[1 + a % 2], replica(b));
    }
  }

  // Refreshing

  private void arrive(int newest, boolean keep) {
    if (client.hasRequests()) {
      var request = client.request(newest, keep);
      boolean fromStore = request.token().equals(client.store().refresh());
      if (setup.endOnSuspicion() && client.hasMoved()) {
        // Two processes in two places are what that setting takes for a thief.
        invariants.excuse();
      }
      var reply = refresh(request, true, fromStore);
      client.answered(request, reply);
    }
  }

  private void thiefAsks(int newest, int replica) {
    if (!loot.isEmpty()) {
      invariants.excuse();
      var request = new Request(0, loot(newest).refresh(), thief, replica);
      var reply = refresh(request, false, false);
      if (reply.isGranted()) {
        loot.add(new Held(reply.refresh(), reply.access()));
      }
    }
  }

  private Reply refresh(Request request, boolean honest, boolean fromStore) {
    var token = words.meaning(request.token());
    boolean judged =
        model.observe().present()
            && model.mayRefresh()
            && model.isReadable(request.replica(), token);
    var expected = model.refresh(request.replica(), token, true, request.who(), now);
    var reply = server.refresh(request.replica(), request.token(), Proof.RIGHT, request.who());
    boolean isNew = reply.isGranted() && !words.knows(reply.refresh());
    compare(expected, reply);
    if (judged) {
      long answered = reply.isGranted() ? server.generation(reply.refresh()) : -1;
      invariants.presented(
          new Presented(
              honest, fromStore, request.replica(), token.generation(), request.who(), now),
          reply,
          answered,
          isNew);
    } else if (honest) {
      invariants.unjudged(reply);
    }
    return reply;
  }

  private void compare(Answer expected, Reply reply) {
    switch (expected) {
      case Answer.Tokens(var refresh, var access, var expiresIn) -> {
        expect(200, "", reply);
        Invariants.check(
            reply.expiresIn() == expiresIn,
            "expires_in should be " + expiresIn + " and is " + reply.expiresIn());
        words.learn(refresh, reply.refresh());
        words.learn(access, reply.access());
      }
      case Answer.Refused _ -> expect(400, "invalid_grant", reply);
      case Answer.ComeBack _ -> {
        expect(503, "temporarily_unavailable", reply);
        Invariants.check(reply.retryAfter() > 0, "a 503 without Retry-After");
      }
      case Answer.NotThatClient _ -> expect(401, "invalid_client", reply);
    }
  }

  private static void expect(int status, String error, Reply reply) {
    Invariants.check(
        reply.status() == status && reply.error().equals(error),
        "the answer should be %d %s and is %d %s"
            .formatted(status, error, reply.status(), reply.error()));
  }

  private void wrongClient(Proof proof, int replica) {
    var token = client.store().refresh();
    boolean isWrongSecret =
        proof == Proof.WRONG_SECRET
            && setup.client() == Setup.ClientKind.SECRET
            && !isOurs(replica);
    var expected =
        isWrongSecret
            ? new Answer.NotThatClient()
            : model.refresh(replica, words.meaning(token), false, thief, now);
    var given = isWrongSecret ? Proof.WRONG_SECRET : Proof.OTHER_CLIENT;
    compare(expected, server.refresh(replica, token, given, thief));
  }

  private void forge(Forgery forgery, int replica) {
    var held = client.store();
    var refresh =
        forgery == Forgery.ACCESS_FOR_REFRESH
            ? held.access()
            : server.forge(forgery, held.refresh());
    var reply = server.refresh(replica, refresh, Proof.RIGHT, client.who(0));
    Invariants.check(reply.status() == 400 || reply.status() == 503, forgery + " refreshes");
    if (forgery != Forgery.ACCESS_FOR_REFRESH) {
      var access = server.forge(forgery, held.access());
      for (boolean atUserinfo : new boolean[] {false, true}) {
        boolean opens = server.use(replica, access, atUserinfo) == Worth.ACTIVE;
        Invariants.check(!opens, forgery + " opens doors");
      }
    }
  }

  // Using

  private void use(int replica, String access, boolean atUserinfo) {
    var token = words.meaning(access);
    var expected = model.use(replica, token, now);
    var worth = server.use(replica, access, atUserinfo);
    Invariants.check(expected == worth, "the token should be " + expected + " and is " + worth);
    invariants.used(replica, token.generation(), worth);
  }

  // The thief

  private Held loot(int newest) {
    return loot.get(loot.size() - 1 - newest % loot.size());
  }

  private void steal(int newest) {
    if (client.hasReplies() && client.underWay(newest).isGranted()) {
      var reply = client.underWay(newest);
      loot.add(new Held(reply.refresh(), reply.access()));
    }
  }

  // The machines

  private void pass(long seconds) {
    now += seconds;
    server.time(now);
  }

  private void crash(int replica) {
    if (isOurs(replica)) {
      server.crash(replica);
      model.crash(replica);
      invariants.crashed(replica);
    }
  }

  private void configure(int index, Keys keys) {
    int replica = replica(index);
    if (isOurs(replica)) {
      server.configure(replica, keys);
      model.configure(replica, keys);
      invariants.crashed(replica);
    }
  }

  /// A replica is not started without a key that is in use.
  private Keys allKeys(int index) {
    return model.keys(replica(index)).with(1).with(2).with(3);
  }

  /// The application under test keeps its memory and its configuration.
  private boolean isOurs(int replica) {
    return replica > 0 || !setup.overHttp();
  }

  private void lock(boolean locked) {
    server.lock(locked);
    model.lock(locked);
  }

  private void revoke(int by, int replica) {
    invariants.excuse();
    var token = by % 2 == 0 || loot.isEmpty() ? client.store().access() : loot(by).refresh();
    server.revoke(replica, token);
    model.revoke(replica, words.meaning(token));
  }

  private void failOver(int changes) {
    boolean wasMissed = !model.observe().present() && setup.imported() != Setup.Imported.NOTHING;
    if (wasMissed) {
      // That an imported token is not there is remembered for some seconds of the real time.
      return;
    }
    int index = Math.max(0, backups - 2 - changes % 6);
    server.restore(index);
    model.restore(index);
    invariants.forgot();
  }

  private void acceptLoss() {
    if (!setup.overHttp() && !model.observe().present()) {
      server.acceptLoss();
      model.acceptLoss();
      for (int replica = 0; replica < setup.replicas(); replica++) {
        crash(replica);
      }
    }
  }

  private void backUp() {
    server.backUp();
    model.backUp();
    backups++;
  }

  private int replica(int index) {
    return index % setup.replicas();
  }

  private static int key(int index) {
    return 1 + index % 3;
  }

  // The end

  /// However it went: a dead session's tokens stay dead, and an honest client that kept its last
  /// answer goes on.
  private void end() {
    lock(false);
    int replica = setup.replicas() - 1;
    if (invariants.isOver()) {
      for (var text : words.all()) {
        refuseDead(replica, text);
      }
    } else if (!invariants.isExcused()) {
      configure(replica, allKeys(replica));
      pass(setup.settling() + setup.leeway());
      client.read(0);
      client.ask(0, replica);
      var reply = refresh(client.request(0, false), true, true);
      Invariants.check(reply.isGranted(), "an honest client cannot go on");
    }
  }

  private void refuseDead(int replica, String text) {
    var token = words.meaning(text);
    if (token.kind() == Token.Kind.ACCESS) {
      use(replica, text, false);
    } else {
      refresh(new Request(0, text, thief, replica), false, false);
    }
  }
}
