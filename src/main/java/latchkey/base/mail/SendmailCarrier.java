package latchkey.base.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/// Hands mail to a command that understands what `sendmail` does. No shell is asked, and an address
/// is never taken for an option.
final class SendmailCarrier implements Carrier {
  private static final int WORDS = 200;

  /// `EX_NOUSER` and `EX_NOHOST` of `sysexits.h`.
  private static final Set<Integer> NOBODY = Set.of(67, 68);

  private final String command;
  private final Duration deadline;

  SendmailCarrier(String command, Duration deadline) {
    this.command = command;
    this.deadline = deadline;
  }

  @Override
  public void carry(MimeMessage message, InternetAddress from, InternetAddress[] to)
      throws MessagingException, IOException, InterruptedException, NobodyThere {
    var arguments = new ArrayList<>(List.of(command, "-i", "-f", from.getAddress(), "--"));
    for (var recipient : to) {
      arguments.add(recipient.getAddress());
    }
    var process =
        new ProcessBuilder(arguments).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    try {
      var words = feed(process, lines(message));
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("the command did not end within " + deadline.toSeconds() + " s");
      }
      if (NOBODY.contains(process.exitValue())) {
        throw new NobodyThere("the command ended with " + process.exitValue() + said(words), null);
      }
      if (process.exitValue() != 0) {
        throw new IOException("the command ended with " + process.exitValue() + said(words));
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /// Gives it the message and hears what it says, so that it waits for neither.
  private static CompletableFuture<String> feed(Process process, byte[] message) {
    Thread.ofVirtual()
        .name("sendmail")
        .start(
            () -> {
              try (var in = process.getOutputStream()) {
                in.write(message);
              } catch (IOException e) {
                // It ended without reading all of it; its exit code tells.
              }
            });
    var words = new CompletableFuture<String>();
    Thread.ofVirtual()
        .name("sendmail")
        .start(
            () -> {
              try (var err = process.getErrorStream()) {
                words.complete(
                    new String(err.readNBytes(WORDS), StandardCharsets.UTF_8)
                        .strip()
                        .replaceAll("\\p{Cntrl}+", " "));
                err.transferTo(java.io.OutputStream.nullOutputStream());
              } catch (IOException e) {
                words.complete("");
              }
            });
    return words;
  }

  private static String said(CompletableFuture<String> words) throws InterruptedException {
    try {
      var text = words.get(1, TimeUnit.SECONDS);
      return text.isEmpty() ? "" : ": " + text;
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      return "";
    }
  }

  /// As files have lines; it makes them the network's itself.
  private static byte[] lines(MimeMessage message) throws MessagingException, IOException {
    var bytes = new ByteArrayOutputStream();
    message.writeTo(bytes);
    return bytes
        .toString(StandardCharsets.ISO_8859_1)
        .replace("\r\n", "\n")
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void probe() throws IOException {
    boolean named = command.indexOf('/') < 0;
    var file = java.nio.file.Path.of(command);
    if (!named && !java.nio.file.Files.isExecutable(file)) {
      throw new IOException("there is no such command, or it may not be run");
    }
  }
}
