// The files of docs/admin/install.md, tried: the configuration it shows, the nginx site of deploy/, the command and the variable of
// its unit, the commands of the sections 3 and 7 to 10. Folders and ports are moved: nginx from Debian, Synapse and Latchkey on a
// Unix socket, under the names of the page. Started by root, nginx is www-data, who may open that socket by its group only. Not tried:
// the account of Latchkey, the database over its socket, the rest of the unit, `train`.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { Agent, buildConnector, setGlobalDispatcher } from "undici";
import { eventually, logIn, openBrowser, synced, whoami } from "./rig.mjs";

const here = process.env.E2E_HERE;
const top = join(here, "../..");
const state = join(process.env.E2E_STATE, "proxy");
const app = join(state, "opt/latchkey");
const shared = mkdtempSync(join(tmpdir(), "latchkey-proxy-")); // what nginx's own user has to reach
const isRoot = process.getuid() === 0; // nobody else can start nginx as another user
const secret = "A-LONG-RANDOM-TEXT-THE-SAME-IN-HOMESERVER-YAML";
const password = "correct horse 8 battery";
const client = "127.0.0.9"; // where requests come from: another address of this machine than nginx's own
const https = 8390;
const synapsePort = 8308;
const pgPort = 5443;
const moved = new Map([
  ["/opt/latchkey", app],
  ["/etc/latchkey", join(state, "etc")],
  ["/run/latchkey", join(shared, "run")],
  ["127.0.0.1:8081", "127.0.0.1:8392"],
  ["127.0.0.1:8008", `127.0.0.1:${synapsePort}`],
  ["/etc/letsencrypt/live/example.com/fullchain.pem", join(state, "tls.crt")],
  ["/etc/letsencrypt/live/example.com/privkey.pem", join(state, "tls.key")],
  ["postgresql:///latchkey?host=/run/postgresql", `postgresql://postgres@127.0.0.1:${pgPort}/latchkey`],
]);
const move = (text) => [...moved].reduce((all, [from, to]) => all.replaceAll(from, to), text);

const page = readFileSync(join(top, "docs/admin/install.md"), "utf8");
const block = (beginning) => {
  const found = [...page.matchAll(/```yaml\n([^]*?)```/g)].map((match) => match[1]).filter((text) => text.startsWith(beginning));
  assert.equal(found.length, 1, `install.md has ${found.length} blocks that begin with ${beginning}`);
  return move(found[0]);
};
const script = (name, verb, env) =>
  execFileSync("bash", [join(here, `${name}.sh`), verb], { env: { ...process.env, ...env }, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
const postgres = (verb) => script("postgres", verb, { PG_PORT: pgPort });
const synapse = (verb) =>
  script("synapse", verb, { NAME: "e2e-proxy", PORT: synapsePort, SERVER_NAME: "example.com", AUTH_URL: "", USERS: "", EXTRA: join(state, "synapse.yaml") });
const run = (program, ...args) => execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, LATCHKEY_CONFIG: "" } });
const config = join(state, "etc/config.yaml");
let latchkey;
let nginx;
let browser;

// Section 3: what was generated keeps its secrets; three sections come from the page.
function configure() {
  run(join(app, "latchkey"), "config", "generate", "-o", config);
  const sections = readFileSync(config, "utf8").split(/^(?=[a-z]+:)/m).filter((text) => !/^(http|database|matrix):/.test(text));
  // More people sign in from this address than from a household.
  const limits = "rate_limiting: {login: {per_ip: {burst: 100, per_second: 10}}}\n";
  writeFileSync(config, block("http:") + sections.join("") + limits);
  run(join(app, "latchkey"), "config", "check", "-c", config);
}

// Section 4: as the unit does.
async function startLatchkey() {
  const unit = move(readFileSync(join(top, "deploy/latchkey.service"), "utf8"));
  const [program, ...args] = /^ExecStart=(.*)$/m.exec(unit)[1].split(" ");
  const [, name, value] = /^Environment=([^=]+)=(.*)$/m.exec(unit);
  const log = openSync(join(state, "latchkey.log"), "a");
  latchkey = spawn(program, args, { env: { ...process.env, [name]: value }, stdio: ["ignore", log, log] });
  await eventually("Latchkey is ready", async () => (await fetch("http://127.0.0.1:8392/health/ready")).status === 200, 60);
}

async function stopLatchkey() {
  const gone = new Promise((done) => latchkey.once("exit", done));
  latchkey.kill("SIGTERM");
  assert.equal(await gone, 0);
}

// Section 6. Ports that only root may open, and those of others on this machine, give way.
function startNginx() {
  const site = move(readFileSync(join(top, "deploy/nginx.conf"), "utf8"))
    .replaceAll(/^ *listen \[::\].*\n/gm, "")
    .replaceAll("listen 443 ", `listen 127.0.0.1:${https} `)
    .replaceAll("listen 80;", "listen 127.0.0.1:8391;");
  assert.doesNotMatch(site, /^[^#\n]*(\s\/etc\/|listen \d+[ ;])/m, "everything has been moved");
  const temp = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${shared}/nginx-${kind};`).join("\n");
  writeFileSync(join(state, "nginx.conf"), `daemon off; pid ${state}/nginx.pid; ${isRoot ? "user www-data;" : ""} events {}\nhttp {\naccess_log ${state}/access.log;\n${temp}\n${site}}\n`);
  run("/usr/sbin/nginx", "-t", "-q", "-e", join(state, "error.log"), "-c", join(state, "nginx.conf"));
  nginx = spawn("/usr/sbin/nginx", ["-e", join(state, "error.log"), "-c", join(state, "nginx.conf")], { stdio: "ignore" });
}

// The folder of the unit's RuntimeDirectory. The socket in it is of the group that nginx is in, and of nobody else.
function makeRunFolder() {
  const folder = join(shared, "run");
  mkdirSync(folder);
  if (isRoot) {
    chmodSync(shared, 0o755);
    chownSync(folder, 0, Number(run("id", "-g", "www-data")));
    chmodSync(folder, 0o2750);
  }
}

// Both names are this machine, for Node and for Chromium; nothing else may be asked.
function resolveNames() {
  const connect = buildConnector({ ca: readFileSync(join(state, "tls.crt")) });
  const plain = buildConnector({});
  setGlobalDispatcher(new Agent({
    connect: (target, done) =>
      target.hostname.endsWith(".example.com")
        ? connect({ ...target, servername: target.hostname, hostname: "127.0.0.1", host: "127.0.0.1", port: https, localAddress: client }, done)
        : plain(target, done),
  }));
}

before(async () => {
  rmSync(state, { recursive: true, force: true });
  makeRunFolder();
  for (const made of ["etc", "opt/latchkey/target"]) mkdirSync(join(state, made), { recursive: true });
  const built = dirname(process.env.LATCHKEY);
  cpSync(join(built, "latchkey"), join(app, "latchkey"), { preserveTimestamps: true });
  cpSync(join(built, "target/quarkus-app"), join(app, "target/quarkus-app"), { recursive: true, preserveTimestamps: true });
  run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-subj", "/CN=example.com",
    "-addext", "subjectAltName=DNS:auth.example.com,DNS:matrix.example.com", "-keyout", join(state, "tls.key"), "-out", join(state, "tls.crt"));
  writeFileSync(join(state, "synapse.yaml"), block("public_baseurl:"));
  postgres("reset");
  postgres("start");
  synapse("reset");
  configure();
  resolveNames();
  await startLatchkey();
  synapse("start");
  startNginx();
  run(join(app, "latchkey"), "manage", "register-user", "-c", config, "--yes", "--admin", "-p", password, "alice");
  browser = await openBrowser([
    `--host-resolver-rules=MAP auth.example.com:443 127.0.0.1:${https},MAP matrix.example.com:443 127.0.0.1:${https}`,
    "--ignore-certificate-errors", // Node's half of the test checks it
  ]);
});

after(async () => {
  await browser?.close();
  nginx?.kill("SIGQUIT");
  if (latchkey?.exitCode === null) latchkey.kill("SIGTERM");
  synapse("stop");
  postgres("reset");
  rmSync(shared, { recursive: true, force: true });
});

const log = () => readFileSync(join(state, "latchkey.log"), "utf8").split("\n");
const logged = (what) => eventually(`a line of the log with ${what}`, async () => log().findLast((line) => line.includes(what)));
const atMatrix = { baseUrl: "https://matrix.example.com", password };

function curl(...args) {
  const names = ["auth", "matrix"].map((name) => `${name}.example.com:443:127.0.0.1:${https}`);
  return run("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "--cacert", join(state, "tls.crt"), "--interface", client,
    ...names.flatMap((name) => ["--connect-to", name]), ...args);
}

test("a login through nginx: matrix-js-sdk discovers, logs in, syncs; the log has the address of the client", async () => {
  const { client: matrix, deviceId, metadata } = await logIn(browser, "alice", "fragment", atMatrix);

  assert.equal(metadata.issuer, "https://auth.example.com/");
  const me = await matrix.whoami();
  assert.deepEqual([me.user_id, me.device_id], ["@alice:example.com", deviceId]);
  await synced(matrix);
  matrix.stopClient();
  assert.match(await logged('"POST /oauth2/token '), new RegExp(`client\\.address=${client}$`));
  assert.match(await logged('"POST /login '), /client\.address=127\.0\.0\.1$/);
});

test("an address that a client claims for itself does not reach the log", async () => {
  assert.equal(curl("-A", "claimant", "-H", "X-Forwarded-For: 203.0.113.7", "https://auth.example.com/"), "200");

  const line = await logged('"claimant"');
  assert.match(line, new RegExp(`client\\.address=${client}$`));
  assert.doesNotMatch(line, /203\.0\.113\.7/);
});

test("each row of the table “Is it well?” is answered as it says", () => {
  const rows = [...page.matchAll(/^\| `curl (.*?)` \| (\d{3})/gm)];
  assert.equal(rows.length, 6);
  for (const [, command, healthy] of rows) {
    const words = move(command).replace("SECRET", secret).match(/'[^']*'|\S+/g).map((word) => word.replaceAll("'", ""));
    const status = curl("--noproxy", "*", ...words.filter((word) => word !== "-f").flatMap((word) => (word.startsWith("http://") ? ["--interface", "127.0.0.1", word] : [word])));
    assert.equal(status, healthy, command);
  }
});

test("what is not for the world is not in the world", () => {
  assert.equal(curl("https://auth.example.com/health"), "404");
  assert.equal(curl("https://matrix.example.com/_synapse/admin/v1/server_version"), "404");
  assert.equal(curl("https://matrix.example.com/_synapse/mas/query_user?localpart=alice"), "404");
  assert.equal(curl("--connect-to", "auth.example.com:80:127.0.0.1:8391", "http://auth.example.com/login"), "301");
});

test("attempts to sign in are limited by address, and looking at the page is none", () => {
  const from = ["--interface", "127.0.0.7"];
  const answers = Array.from({ length: 9 }, () => curl(...from, "-X", "POST", "https://auth.example.com/login"));

  assert.notEqual(answers[0], "429");
  assert.equal(answers.at(-1), "429");
  assert.notEqual(curl(...from, "https://auth.example.com/login"), "429");
  assert.notEqual(curl("-X", "POST", "https://auth.example.com/login"), "429");
});

test("the old login is Latchkey's, limited by address, and nothing that only looks like it", async () => {
  const answer = await fetch("https://matrix.example.com/_matrix/client/v3/login");
  const flows = (await answer.json()).flows;
  assert.ok(flows.some((flow) => flow.type === "m.login.sso" && flow.oauth_aware_preferred));

  const from = ["--interface", "127.0.0.8"];
  const attempt = () => curl(...from, "-X", "POST", "https://matrix.example.com/_matrix/client/v3/login");
  const answers = Array.from({ length: 9 }, attempt);
  assert.equal(answers[0], "400");
  assert.equal(answers.at(-1), "429");

  const state = await fetch("https://matrix.example.com/_matrix/client/v3/rooms/!a:b/state/login");
  assert.equal((await state.json()).errcode, "M_MISSING_TOKEN");
});

test("auth_metadata is answered while Synapse is away, under both its names", async () => {
  synapse("stop");
  try {
    assert.equal(curl("https://matrix.example.com/_matrix/client/versions"), "502");
    for (const name of ["v1", "unstable/org.matrix.msc2965"]) {
      const answer = await fetch(`https://matrix.example.com/_matrix/client/${name}/auth_metadata`);
      assert.equal((await answer.json()).issuer, "https://auth.example.com/", name);
    }
  } finally {
    synapse("start");
  }
});

test("backup, upgrade and restore as the page says: who was logged in stays logged in", async () => {
  const { tokens, clientId } = await logIn(browser, "alice", "query", atMatrix);
  const refresh = (refresh_token) =>
    fetch("https://auth.example.com/oauth2/token", { method: "POST", body: new URLSearchParams({ grant_type: "refresh_token", client_id: clientId, refresh_token }) });
  const bin = join("/usr/lib/postgresql", readdirSync("/usr/lib/postgresql").sort((a, b) => a - b).at(-1), "bin");
  const database = ["-h", "127.0.0.1", "-p", String(pgPort), "-U", "postgres"];
  const dump = join(state, "latchkey.dump");
  run(join(bin, "pg_dump"), ...database, "-Fc", "-f", dump, "latchkey");

  await stopLatchkey();
  assert.equal(curl("https://auth.example.com/login"), "502");
  rmSync(join(app, "target"), { recursive: true });
  cpSync(join(dirname(process.env.LATCHKEY), "target/quarkus-app"), join(app, "target/quarkus-app"), { recursive: true, preserveTimestamps: true });
  await startLatchkey();
  const upgraded = await refresh(tokens.refresh_token);
  assert.equal(upgraded.status, 200);
  assert.equal((await whoami((await upgraded.json()).access_token, atMatrix.baseUrl)).status, 200);

  await stopLatchkey();
  run(join(bin, "dropdb"), ...database, "latchkey");
  run(join(bin, "createdb"), ...database, "latchkey");
  run(join(bin, "pg_restore"), ...database, "-d", "latchkey", dump);
  await startLatchkey();
  const restored = await refresh(tokens.refresh_token);
  assert.equal(restored.status, 200);
  assert.equal((await whoami((await restored.json()).access_token, atMatrix.baseUrl)).status, 200);
});
