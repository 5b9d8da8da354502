package latchkey.cli;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import latchkey.base.config.BadConfiguration;
import latchkey.base.database.DatabaseConfig;
import latchkey.base.database.DirectDataSource;
import latchkey.base.web.HttpConfig;
import latchkey.cli.doctor.Doctor;
import latchkey.cli.doctor.Finding;
import latchkey.cli.doctor.Revalidation;
import latchkey.domain.homeserver.MatrixConfig;
import latchkey.domain.lifecycle.UnaskablePeopleRepository;
import latchkey.domain.upstream.ProviderConfig;
import latchkey.domain.upstream.UpstreamConfig;
import latchkey.domain.upstream.UpstreamRules;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Exits with 0 whatever it finds, as the service we replace does: playbooks count on it.
@Command(
    name = "doctor",
    description =
        "Look from outside whether homeserver, proxy, Latchkey and providers find one another.")
final class DoctorCommand implements Callable<Integer> {
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+]");

  private final Latchkey latchkey;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--site",
      paramLabel = "URL",
      description = "Where /.well-known/matrix/client is, if not at https:// and the server name.")
  private @Nullable URI site;

  DoctorCommand(Latchkey latchkey) {
    this.latchkey = latchkey;
  }

  @Override
  public Integer call() {
    var root = latchkey.configuration(spec).root(true);
    var matrix = MatrixConfig.read(root);
    var http = HttpConfig.read(root);
    var upstream = UpstreamConfig.read(root);
    var providers = upstream.providers().stream().filter(ProviderConfig::enabled).toList();
    boolean revalidates =
        UpstreamRules.read(root, upstream).revalidateEvery().isPresent() && !providers.isEmpty();
    var database =
        revalidates
            ? Optional.of(DatabaseConfig.read(root, latchkey.environment()))
            : Optional.<DatabaseConfig>empty();
    if (!root.faults().errors().isEmpty()) {
      throw new BadConfiguration(root.faults().errors());
    }
    var err = spec.commandLine().getErr();
    var server = matrix.homeserver();
    if (!HOST.matcher(server).matches()) {
      err.println(
          "error: matrix.homeserver is the name behind the colon of Matrix ids; "
              + server
              + " is no host without a port, so nobody could say where its site is");
      return ExitCode.SOFTWARE;
    }
    var where = site == null ? URI.create("https://" + server + "/") : site;
    new Doctor(matrix, http, where, providers).examine().forEach(this::tell);
    database.ifPresent(
        config ->
            Revalidation.examine(
                    new UnaskablePeopleRepository(DirectDataSource.hasty(config)), providers)
                .forEach(this::tell));
    return ExitCode.OK;
  }

  private void tell(Finding finding) {
    var err = spec.commandLine().getErr();
    err.println("%-8s %s".formatted(finding.level().word() + ":", finding.words()));
    finding.advice().forEach(line -> err.println("           " + line));
  }
}
