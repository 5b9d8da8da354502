"""Puts people, codes, sessions and jobs into the store, so that the work begins where it is to be measured."""
import base64, hashlib, secrets, subprocess, time, uuid
from . import machine
from .plan import REDIRECT, SCOPE, VERIFIER

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SESSION = "id, client_id, user_id, scope, device_id, created_at, opened_at, issued_at, nonce, access_ttl, token_key"
GRANT = "id, client_id, browser_session_id, code_digest, redirect_uri, redirect_uri_given, response_mode, scope, code_challenge, created_at, fulfilled_at"
LOGIN = "id, redirect_uri, token_digest, browser_session_id, created_at, fulfilled_at"
JOB = "task_name, task_instance, task_data, execution_time, picked, version"


def ulid():
    return uuid.UUID(int=(int(time.time() * 1000) << 80) | secrets.randbits(80))


def text(identity):
    return "".join(CROCKFORD[identity.int >> 5 * digit & 31] for digit in reversed(range(26)))


def binary(data):
    return r"\\x" + data.hex()


def digest(secret):
    return binary(hashlib.sha256(secret.encode()).digest())


class Store:
    def __init__(self, database, folder):
        self.database, self.folder = database, folder

    def write(self, name, lines):
        file = self.folder / name
        file.write_text("".join(line + "\n" for line in lines))
        return file

    def client(self):
        return self.database.ask("select id from latchkey.clients where is_static limit 1")

    def people(self, count):
        """New ones: id and name."""
        now = self.database.ask("select now()")
        people = [(ulid(), "u" + secrets.token_hex(8)) for _ in range(count)]
        self.database.copy("users", "id, username, created_at", [(*person, now) for person in people])
        return people

    def people_with_password(self, count, like):
        """The names of people with somebody's password."""
        people = self.people(count)
        hashed, version, now = self.database.ask(f"""select hashed_password, version, now() from latchkey.user_passwords p
            join latchkey.users u on u.id = p.user_id where u.username = '{like}'""").split("|")
        self.database.copy("user_passwords", "user_id, hashed_password, version, created_at", [(user, hashed, version, now) for user, _ in people])
        return self.write("people", [name for _, name in people])

    def browsers(self, count):
        """Sessions of so many browsers, each of a person of its own."""
        people, now = self.people(count), self.database.ask("select now()")
        browsers = [ulid() for _ in people]
        self.database.copy("browser_sessions", "id, user_id, created_at, authenticated_at, amr", [(browser, user, now, now, "{pwd}") for browser, (user, _) in zip(browsers, people)])
        return browsers, now

    def codes(self, count):
        """Codes that were just given out. They live for a minute."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
        (browsers, now), client = self.browsers(count), self.client()
        codes = [secrets.token_urlsafe(24) for _ in browsers]
        self.database.copy("authorization_grants", GRANT, [
            (ulid(), client, browser, digest(code), REDIRECT, "t", "query", SCOPE + secrets.token_hex(6).upper(), challenge, now, now)
            for browser, code in zip(browsers, codes)])
        return self.write("codes", codes)

    def login_tokens(self, count):
        """What m.login.sso ended with. They live for half a minute."""
        browsers, now = self.browsers(count)
        tokens = [secrets.token_hex(16) for _ in browsers]
        self.database.copy("compat_sso_logins", LOGIN, [(ulid(), REDIRECT, digest(token), browser, now, now) for browser, token in zip(browsers, tokens)])
        return self.write("login-tokens", tokens)

    def jobs(self, count):
        """Devices of people who are signed out, to be taken from the homeserver."""
        users, now = self.database.ask("select id from latchkey.users limit 1000").splitlines(), self.database.ask("select now()")
        self.database.copy("scheduled_tasks", JOB, [("delete-device", text(ulid()), binary(f"{users[n % len(users)]}\nOLD{n:08X}".encode()), now, "f", 1) for n in range(count)])

    def waiting_jobs(self):
        return int(self.database.ask("select count(*) from latchkey.scheduled_tasks where task_name = 'delete-device'"))

    def fill(self, total):
        """Other people's sessions by COPY, so that there are so many; their ids count up from 1."""
        database = self.database
        have = int(database.ask("select count(*) from latchkey.oauth_sessions where id < '00000000-0000-0001-0000-000000000000'"))
        client, user = self.client(), database.ask("select id from latchkey.users limit 1")
        command = ["psql", "-d", database.uri, "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", f"copy latchkey.oauth_sessions ({SESSION}) from stdin"]
        begin = time.time()
        with subprocess.Popen(command, stdin=subprocess.PIPE, text=True) as process:
            for n in range(have + 1, total + 1):
                device = f"D{n:011X}"
                process.stdin.write(f"00000000-0000-0000-0000-{n:012x}\t{client}\t{user}\t{SCOPE}{device}\t{device}\t2026-01-01\t2026-01-01\t2026-01-01\t{n}\t300\t1\n")
        if process.returncode:
            raise SystemExit("the store was not filled")
        database.ask("vacuum analyze latchkey.oauth_sessions")
        database.ask("checkpoint")
        machine.say(f"{total} sessions in the store after {time.time() - begin:.0f} s")
