"""Latchkey as it is packaged, and the homeserver behind it."""
import os, pathlib, re, signal, socket, subprocess, time, urllib.request
from . import machine
from .plan import CLIENT, PASSWORD, PROVIDER, PROVIDER_CLIENT, REDIRECT, TOP

SECRET = "bench-shared-secret"
HUGE = "{burst: 1000000, per_second: 100000}"
LIBRARIES = ":".join(str(TOP / "target/quarkus-app" / folder) for folder in ("app/*", "lib/boot/*", "lib/main/*"))


class Latchkey:
    """One process, which can be started again. Several may share a database."""

    def __init__(self, plan, folder, database, port, environment=None):
        self.folder, self.port = folder, port
        self.url = f"http://127.0.0.1:{port}"
        self.process = None
        words = os.environ.get("JDK_JAVA_OPTIONS", "")
        if plan.words.profile and port == plan.port:
            words += f" -XX:StartFlightRecording=settings=profile,dumponexit=true,filename={pathlib.Path(plan.words.profile).absolute()}"
        self.environment = os.environ | {"LATCHKEY_CONFIG": self.configure(plan, database), **({"JDK_JAVA_OPTIONS": words} if words else {})} | (environment or {})

    def configure(self, plan, database):
        secrets, own = self.folder / "generated.yaml", self.folder / f"bench-{self.port}.yaml"
        if not secrets.exists():
            subprocess.run([TOP / "latchkey", "config", "generate", "-o", secrets], check=True)
            secrets.write_text(re.sub(r"(?m)^http:\n(?:[ -].*\n)*", "", secrets.read_text()))
        # Tokens live longer than the run, or what is introspected late would be over.
        own.write_text(f"""\
http:
  public_base: http://127.0.0.1:{plan.port}/
  listeners:
    - name: web
      resources: [{{name: discovery}}, {{name: human}}, {{name: oauth}}, {{name: compat}}, {{name: assets}}, {{name: health}}]
      binds: [{{address: "127.0.0.1:{self.port}"}}]
database: {{uri: "{database.uri}"}}
matrix: {{homeserver: localhost, endpoint: "http://127.0.0.1:{plan.port + 1}/", secret: {SECRET}}}
rate_limiting: {{login: {{per_ip: {HUGE}, per_account: {HUGE}}}}}
latchkey: {{rate_limiting: {{login: {{per_account_and_ip: {HUGE}}}, upstream: {HUGE}}}}}
experimental: {{access_token_ttl: 7200, compat_token_ttl: 7200}}
clients:
  - client_id: {CLIENT}
    client_auth_method: none
    redirect_uris: ["{REDIRECT}"]
upstream_oauth2:
  providers:
    - id: {PROVIDER}
      issuer: http://127.0.0.1:{plan.port - 1}
      discovery_mode: insecure
      client_id: {PROVIDER_CLIENT}
      token_endpoint_auth_method: none
      id_token_signed_response_alg: ES256
      claims_imports: {{skip_confirmation: true, localpart: {{action: require}}, displayname: {{action: force}}, email: {{action: force}}}}
""")
        return f"{secrets}:{own}"

    @property
    def pid(self):
        return self.process.pid

    def start(self):
        """Answers how long it took until it was ready, in seconds."""
        if taken(self.port):
            raise RuntimeError(f"somebody else listens on port {self.port}; PORT=… moves all of this")
        begin, log = time.time(), self.folder / f"latchkey-{self.port}.log"
        with open(log, "w") as out:
            self.process = subprocess.Popen([TOP / "latchkey", "server"], env=self.environment, stdout=out, stderr=subprocess.STDOUT)
        while time.time() - begin < 60 and self.process.poll() is None:
            try:
                urllib.request.urlopen(self.url + "/health/ready").read()
                return time.time() - begin
            except OSError:
                time.sleep(0.02)
        raise RuntimeError(log.read_text())

    def stop(self):
        end(self.process)
        self.process = None

    def run(self, *verb):
        subprocess.run([TOP / "latchkey", *verb], check=True, stdout=subprocess.DEVNULL, env=self.environment)

    def register(self, name):
        self.run("manage", "register-user", "--yes", "--ignore-password-complexity", "-p", PASSWORD, name)

    def like_this(self, classes, main, *words):
        """Another program in a JVM of the same settings and environment, with the service's own classes: what it says."""
        command = pathlib.Path(f"/proc/{self.pid}/cmdline").read_bytes().decode().split("\0")
        settings = [word for word in command[1:command.index("-jar")] if not re.match("-XX:AOT|-Xlog", word)]
        environment = dict(pair.split("=", 1) for pair in pathlib.Path(f"/proc/{self.pid}/environ").read_bytes().decode().split("\0") if "=" in pair)
        environment.pop("JDK_JAVA_OPTIONS", None)
        command = [command[0], *settings, "-Djava.util.logging.manager=org.jboss.logmanager.LogManager", "-cp", f"{LIBRARIES}:{classes}", main, *map(str, words)]
        return subprocess.run(command, text=True, check=True, stdout=subprocess.PIPE, env=environment).stdout


class Neighbour:
    """A program that Latchkey talks to."""

    def __init__(self, classes, *words):
        self.command, self.process = [machine.java(), "-Xmx64m", "-cp", str(classes), *map(str, words)], None

    def start(self):
        self.process = subprocess.Popen(self.command)

    def stop(self):
        end(self.process)
        self.process = None


def taken(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def end(process):
    if process is not None and process.poll() is None:
        process.send_signal(signal.SIGTERM)
        process.wait()
