package latchkey.domain.homeserver;

import jakarta.inject.Singleton;
import latchkey.base.job.Peer;

/// The homeserver, for the queue: while it is away, or does not take our secret, its jobs wait.
@Singleton
public class HomeserverPeer implements Peer {
  private final Homeserver homeserver;

  HomeserverPeer(Homeserver homeserver) {
    this.homeserver = homeserver;
  }

  @Override
  public String name() {
    return "homeserver";
  }

  @Override
  public boolean isSuspect(Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof HomeserverProblem problem) {
        return !problem.isAboutTheRequest();
      }
    }
    return false;
  }

  @Override
  public boolean answers() {
    homeserver.ping();
    return true;
  }
}
