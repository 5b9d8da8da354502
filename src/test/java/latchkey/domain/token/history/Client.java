package latchkey.domain.token.history;

import java.util.ArrayList;
import java.util.List;
import latchkey.domain.token.history.Server.Held;

/// An honest client: two processes that share one store, and the network between them and the
/// servers. A process reads the store, refreshes, and writes the answer back unless the store was
/// changed meanwhile; it uses nothing that is not stored.
final class Client {
  /// A request under way.
  record Request(int process, String token, Who who, int replica) {}

  /// An answer under way.
  record Answered(Request request, Reply reply) {}

  private static final List<String> AGENTS = List.of("phone", "desktop", "tablet");

  private final Held[] memory;
  private final Who[] who = {new Who(Who.Place.HOME, "phone"), new Who(Who.Place.HOME, "phone")};
  private final List<Request> requests = new ArrayList<>();
  private final List<Answered> replies = new ArrayList<>();
  private Held store;
  private boolean moved;

  Client(Held first) {
    store = first;
    memory = new Held[] {first, first};
  }

  Held store() {
    return store;
  }

  Held memory(int process) {
    return memory[process % 2];
  }

  Who who(int process) {
    return who[process % 2];
  }

  /// Whether its processes were ever in different places, or different programs.
  boolean hasMoved() {
    return moved;
  }

  void read(int process) {
    memory[process % 2] = store;
  }

  void move(int process, int place) {
    who[process % 2] = new Who(Who.Place.of(place), who(process).agent());
    moved = true;
  }

  void rename(int process, int agent) {
    who[process % 2] = new Who(who(process).place(), AGENTS.get(agent % AGENTS.size()));
    moved = true;
  }

  void restart(int process) {
    read(process);
    requests.removeIf(request -> request.process() == process % 2);
    replies.removeIf(answered -> answered.request().process() == process % 2);
  }

  void ask(int process, int replica) {
    requests.add(new Request(process % 2, memory(process).refresh(), who(process), replica));
  }

  boolean hasRequests() {
    return !requests.isEmpty();
  }

  boolean hasReplies() {
    return !replies.isEmpty();
  }

  Request request(int newest, boolean keep) {
    int index = requests.size() - 1 - newest % requests.size();
    return keep ? requests.get(index) : requests.remove(index);
  }

  Answered reply(int newest) {
    return replies.remove(replies.size() - 1 - newest % replies.size());
  }

  Reply underWay(int newest) {
    return replies.get(replies.size() - 1 - newest % replies.size()).reply();
  }

  void answered(Request request, Reply reply) {
    replies.add(new Answered(request, reply));
  }

  void receive(Answered answered) {
    var reply = answered.reply();
    int process = answered.request().process();
    if (reply.isGranted()) {
      boolean unchanged =
          store.refresh().equals(answered.request().token())
              || store.refresh().equals(reply.refresh());
      if (unchanged) {
        store = new Held(reply.refresh(), reply.access());
      }
      memory[process] = store;
    }
  }
}
