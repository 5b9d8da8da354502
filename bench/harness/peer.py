"""The measurement of any server that speaks these endpoints, as docs/performance.md says."""
import base64, json, pathlib, shutil, tempfile, urllib.error, urllib.parse, urllib.request
from . import machine
from .database import Database
from .generator import Generator, compile_all
from .rows import Rows

DISCOVERY = "/.well-known/openid-configuration"


class Peer:
    def __init__(self, plan, folder):
        words = plan.words
        self.plan, self.words, self.folder, self.base = plan, words, folder, words.peer.rstrip("/")
        prefix = urllib.parse.urlsplit(self.base).path
        self.discovery = prefix + DISCOVERY
        told = json.loads(self.fetch(self.discovery))
        # It may be known to the world under another name; we ask it where it was said to be.
        self.paths = {key: urllib.parse.urlsplit(told[key]).path for key in ("jwks_uri", "token_endpoint", "introspection_endpoint") if key in told}
        database = Database(words.database) if words.database else None
        self.rows = Rows(plan, database)
        parts = urllib.parse.urlsplit(self.base)
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.generator = Generator(plan, compile_all(folder, reference=False), self.origin, words.pid, database)

    def fetch(self, path, form=None, headers=()):
        parts = urllib.parse.urlsplit(self.base)
        request = urllib.request.Request(f"{parts.scheme}://{parts.netloc}{path}", form and urllib.parse.urlencode(form).encode(), dict(headers))
        try:
            return urllib.request.urlopen(request).read()
        except urllib.error.HTTPError as refused:
            raise SystemExit(f"{path}: {refused.code} {refused.read().decode(errors='replace')[:500]}")

    def basic(self):
        pair = ":".join(map(urllib.parse.quote_plus, (self.words.client, self.words.secret)))
        return "Basic " + base64.b64encode(pair.encode()).decode()

    def introspection_auth(self):
        words = self.words
        if words.introspection_auth:
            return words.introspection_auth
        return f"Bearer {words.introspection_secret}" if words.introspection_secret else self.basic()

    def pairs(self):
        """A copy of the tokens; where there is a refresh token alone, it is used for a pair."""
        pairs = [line.split() for line in pathlib.Path(self.words.tokens).read_text().splitlines() if line.strip()]
        for pair in pairs:
            if len(pair) == 1:
                pair[:] = self.refreshed(pair[0])
        file = self.folder / "tokens"
        file.write_text("".join(" ".join(pair) + "\n" for pair in pairs))
        return file, len(pairs)

    def refreshed(self, token):
        form = {"grant_type": "refresh_token", "client_id": self.words.client, "refresh_token": token}
        headers = {"Authorization": self.basic()} if self.words.secret else {}
        answer = json.loads(self.fetch(self.paths["token_endpoint"], form, headers))
        return answer["access_token"], answer.get("refresh_token", token)

    def measure(self):
        rows, generator, words = self.rows, self.generator, self.words
        if rows.database:
            rows.learn_idle()
        rows.timed("discovery", generator, "get", counts=False, path=self.discovery)
        if "jwks_uri" in self.paths:
            rows.timed("JWKS", generator, "get", counts=False, path=self.paths["jwks_uri"])
        if words.tokens:
            self.measure_tokens()
        if words.user:
            self.measure_legacy()

    def measure_tokens(self):
        rows, (tokens, count) = self.rows, self.pairs()
        connections = min(count, 32)
        if connections < 32:
            machine.say(f"{count} pairs of tokens: refreshed over so many connections, not 32")
        try:
            if "introspection_endpoint" in self.paths:
                words = {"path": self.paths["introspection_endpoint"], "auth": self.introspection_auth()}
                one = self.folder / "one"
                one.write_text(tokens.read_text().splitlines()[0] + "\n")
                rows.timed("introspection, one token", self.generator, "introspect", tokens=one, **words)
                if count > 1:
                    rows.timed(f"introspection, {count} tokens", self.generator, "introspect", tokens=tokens, **words)
            rows.timed("refresh", self.generator, "refresh", tokens=tokens, path=self.paths["token_endpoint"], client=self.words.client, secret=self.words.secret, connections=connections)
        finally:
            # What was held before is used up: the chains go on from here.
            shutil.copyfile(tokens, self.words.tokens)

    def measure_legacy(self):
        """One person signs in again and again, one at a time: many at once would wait for one another's device."""
        rows, generator, plan, made = self.rows, self.generator, self.plan, self.folder / "made"
        people = self.folder / "people"
        words = {"users": people, "password": self.words.password, "out": made, "connections": 1}
        people.write_text(f"{self.words.user}\n" * (8 if plan.words.quick else 64))
        held = []

        def log_in():
            told = generator.load("legacy-login", **words)
            held.extend(made.read_text().splitlines())
            return told

        rows.measured("legacy login by password, one at a time", log_in)
        if not held:
            return
        chains = self.folder / "legacy"
        chains.write_text("".join(line + "\n" for line in held))
        rows.timed("legacy refresh", generator, "legacy-refresh", tokens=chains, connections=min(len(held), 32))
        lines = chains.read_text().splitlines()
        rows.take("legacy logout", [self.log_out(lines[n::plan.runs]) for n in range(plan.runs)])

    def log_out(self, lines):
        file = self.folder / "out"
        file.write_text("".join(line + "\n" for line in lines))
        return self.generator.load("legacy-logout", tokens=file)


def run(plan):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="latchkey-bench"))
    try:
        peer = Peer(plan, folder)
        peer.measure()
        return peer.rows
    finally:
        shutil.rmtree(folder)
