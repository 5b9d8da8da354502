package latchkey.base.mail;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLSocketFactory;
import latchkey.base.mail.EmailConfig.Transport;
import org.jboss.logging.Logger;

/// Sends mail as the section `email` says. A mail server that hangs holds a few, then one at a time
/// to see whether it still does; all others are told at once.
@Singleton
public class Mailer {
  private static final Logger LOG = Logger.getLogger(Mailer.class);
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final Duration PROBE = Duration.ofSeconds(30);
  private static final Duration TURN = Duration.ofSeconds(1);
  private static final int PARALLEL = 4;

  /// A mail that fails after this part of its deadline has met a server that hangs.
  private static final int HANGING = 10;

  private final EmailConfig config;
  private final Optional<Carrier> carrier;
  private final Clock clock;
  private final Duration deadline;
  private final Semaphore turns = new Semaphore(PARALLEL);
  private volatile boolean hangs;

  @Inject
  Mailer(EmailConfig config, Clock clock) {
    this(config, clock, (SSLSocketFactory) SSLSocketFactory.getDefault(), DEADLINE);
  }

  /// @param trust which certificates are believed
  /// @param deadline for a mail, from the first word to the last
  Mailer(EmailConfig config, Clock clock, SSLSocketFactory trust, Duration deadline) {
    this.config = config;
    this.clock = clock;
    this.deadline = deadline;
    this.carrier =
        switch (config.transport()) {
          case Transport.Blackhole _ -> Optional.empty();
          case Transport.Smtp server -> Optional.of(new SmtpCarrier(server, trust));
          case Transport.Sendmail(var command) ->
              Optional.of(new SendmailCarrier(command, deadline));
        };
  }

  /// Whether mail goes anywhere.
  public boolean isOn() {
    return carrier.isPresent();
  }

  /// Returns once somebody else is responsible for it. Into a blackhole everything fits.
  ///
  /// @throws MailProblem if nobody is
  public void send(Mail mail) {
    if (carrier.isPresent()) {
      takeTurns(() -> carry(carrier.get(), mail), mail, deadline.plusSeconds(1));
    }
  }

  /// Says in the log what a mail would meet, once, in the background.
  public void probe() {
    carrier.ifPresent(
        known ->
            Thread.ofVirtual()
                .name("mail")
                .start(
                    () -> {
                      try {
                        within(PROBE, () -> probe(known));
                      } catch (MailProblem e) {
                        LOG.warnf("mail cannot be sent at the moment: %s", e.getMessage());
                      }
                    }));
  }

  private interface Errand {
    void run() throws MessagingException, IOException, InterruptedException, NobodyThere;
  }

  private static void probe(Carrier carrier) throws MessagingException, IOException {
    carrier.probe();
  }

  private void carry(Carrier carrier, Mail mail)
      throws MessagingException, IOException, InterruptedException, NobodyThere {
    var from = Messages.address(config.from());
    var to = recipients(mail);
    carrier.carry(Messages.message(mail, from, to, config, clock.instant()), from, to);
  }

  /// Those of its addresses that RFC 5322 admits; one that it does not is no reason to leave out
  /// the others.
  private static InternetAddress[] recipients(Mail mail) throws MessagingException, NobodyThere {
    var to = new ArrayList<InternetAddress>();
    for (var mailbox : mail.to()) {
      try {
        to.add(Messages.address(mailbox));
      } catch (AddressException e) {
        LOG.warnf("mail %s leaves out an address that is none", mail.id());
      }
    }
    if (to.isEmpty()) {
      throw new NobodyThere("none of the addresses is one", null);
    }
    return to.toArray(InternetAddress[]::new);
  }

  private void takeTurns(Errand errand, Mail mail, Duration limit) {
    int mine = 0;
    try {
      mine = requireTurns();
      watched(limit, errand);
    } catch (MailProblem e) {
      throw new MailProblem(
          withoutAddresses(String.valueOf(e.getMessage()), mail), e.getCause(), e.isForGood());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MailProblem("interrupted: the server stops", e);
    } finally {
      turns.release(mine);
    }
  }

  /// Answers how many turns the caller has now: one, or all where the server hangs, so that nobody
  /// else hangs with it.
  private int requireTurns() throws InterruptedException {
    int wanted = hangs ? PARALLEL : 1;
    boolean mine =
        wanted == PARALLEL
            ? turns.tryAcquire(wanted)
            : turns.tryAcquire(wanted, TURN.toMillis(), TimeUnit.MILLISECONDS);
    if (!mine) {
      throw new MailProblem("other mails are still on their way", null);
    }
    return wanted;
  }

  /// Notes whether the server hangs.
  private void watched(Duration limit, Errand errand) {
    long begun = System.nanoTime();
    boolean sent = false;
    try {
      within(limit, errand);
      sent = true;
    } finally {
      hangs = !sent && System.nanoTime() - begun > deadline.dividedBy(HANGING).toNanos();
    }
  }

  /// Words have deadlines of their own, but a server could send one letter at a time.
  private static void within(Duration limit, Errand errand) {
    var task =
        new FutureTask<>(
            () -> {
              errand.run();
              return null;
            });
    var thread = Thread.ofVirtual().name("mail").start(task);
    try {
      task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      var cause = e.getCause();
      throw new MailProblem(words(cause == null ? e : cause), cause, cause instanceof NobodyThere);
    } catch (TimeoutException e) {
      throw new MailProblem("no answer within " + limit.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MailProblem("interrupted: the server stops", e);
    } finally {
      thread.interrupt();
    }
  }

  private static String words(Throwable cause) {
    var message = cause.getMessage();
    var said = message == null ? cause.getClass().getSimpleName() : message;
    return said.strip().replaceAll("\\s+", " ");
  }

  private static String withoutAddresses(String text, Mail mail) {
    var clean = text;
    for (var recipient : mail.to()) {
      var address = recipient.address().toLowerCase(Locale.ROOT);
      int at = clean.toLowerCase(Locale.ROOT).indexOf(address);
      while (at >= 0) {
        clean = clean.substring(0, at) + "…" + clean.substring(at + address.length());
        at = clean.toLowerCase(Locale.ROOT).indexOf(address);
      }
    }
    return clean;
  }
}
