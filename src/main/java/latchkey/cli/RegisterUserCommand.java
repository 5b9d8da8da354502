package latchkey.cli;

import java.io.Console;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import latchkey.base.crypto.Secret;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Creates an account. What the command line leaves out is asked for, unless `--yes` is given.
@Command(name = "register-user", description = "Create an account.")
final class RegisterUserCommand implements Callable<Integer> {
  /// What was asked for.
  record Request(
      @Nullable String localpart,
      @Nullable Secret password,
      List<String> emails,
      List<String> upstreamMappings,
      @Nullable Boolean admin,
      @Nullable String displayName,
      boolean ignoreComplexity,
      boolean unattended) {}

  static final class AdminFlag {
    @Option(
        names = {"-a", "--admin"},
        description = "May ask for the admin scope.")
    private boolean yes;

    @Option(
        names = {"-A", "--no-admin"},
        description = "May not ask for the admin scope.")
    private boolean no;
  }

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "USERNAME",
      description = "The localpart, or a whole Matrix id.")
  private @Nullable String username;

  @Option(
      names = {"-p", "--password"},
      paramLabel = "PASSWORD")
  private @Nullable String password;

  @Option(
      names = {"-e", "--email"},
      paramLabel = "EMAIL",
      description = "May be repeated.")
  private List<String> emails = new ArrayList<>();

  @Option(
      names = {"-m", "--upstream-provider-mapping"},
      paramLabel = "PROVIDER:SUBJECT",
      description = "Who this is at an upstream provider. May be repeated.")
  private List<String> upstreamMappings = new ArrayList<>();

  @ArgGroup(exclusive = true)
  private @Nullable AdminFlag admin;

  @Option(
      names = {"-d", "--display-name"},
      paramLabel = "NAME")
  private @Nullable String displayName;

  @Option(names = "--ignore-password-complexity")
  private boolean ignoreComplexity;

  @Option(
      names = {"-y", "--yes"},
      description = "Ask no questions.")
  private boolean unattended;

  private final Latchkey latchkey;

  RegisterUserCommand(Latchkey latchkey) {
    this.latchkey = latchkey;
  }

  @Override
  public Integer call() throws SQLException, AccountDesk.Refused {
    var request = request();
    if (!request.upstreamMappings().isEmpty()) {
      throw new AccountDesk.Refused("upstream providers are not supported yet");
    }
    var desk = new AccountDesk(latchkey, latchkey.configuration(spec));
    // First the name, then the password, as people expect to be asked.
    var localpart = requireLocalpart(request);
    var matrixId = desk.register(completed(request), localpart);
    spec.commandLine().getErr().println("Created " + matrixId);
    return ExitCode.OK;
  }

  private static String requireLocalpart(Request request) throws AccountDesk.Refused {
    if (request.localpart() != null) {
      return request.localpart();
    }
    return localpart(requireTerminal().readLine("Username: "));
  }

  /// The request, with a password asked for if none was given and somebody is there to type it.
  private static Request completed(Request request) throws AccountDesk.Refused {
    if (request.unattended() || request.password() != null) {
      return request;
    }
    var typed = requireTerminal().readPassword("Password (empty for none): ");
    return new Request(
        request.localpart(),
        typed == null || typed.length == 0 ? null : Secret.of(new String(typed)),
        request.emails(),
        request.upstreamMappings(),
        request.admin(),
        request.displayName(),
        request.ignoreComplexity(),
        false);
  }

  private static Console requireTerminal() throws AccountDesk.Refused {
    var console = System.console();
    if (console == null || !console.isTerminal()) {
      throw new AccountDesk.Refused("there is no terminal to ask questions on; use --yes");
    }
    return console;
  }

  Request request() {
    if (unattended && username == null) {
      throw new ParameterException(spec.commandLine(), "With --yes a USERNAME is needed.");
    }
    return new Request(
        username == null ? null : localpart(username),
        password == null ? null : Secret.of(password),
        List.copyOf(emails),
        List.copyOf(upstreamMappings),
        admin == null ? null : Boolean.valueOf(admin.yes),
        displayName,
        ignoreComplexity,
        unattended);
  }

  /// `alice` of `alice`, `@alice` and `@alice:example.com`.
  private static String localpart(String name) {
    var bare = name.startsWith("@") ? name.substring(1) : name;
    int colon = bare.indexOf(':');
    return colon < 0 ? bare : bare.substring(0, colon);
  }
}
