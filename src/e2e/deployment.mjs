// What docs/admin/install.md builds, for the suites that stand a proxy in front of it: the configuration the page shows and the start
// of its unit, Synapse and Latchkey on a Unix socket, under the names of the page. Folders and ports are moved.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, openSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { Agent, buildConnector, setGlobalDispatcher } from "undici";
import { eventually, logIn, openBrowser, synced, whoami } from "./rig.mjs";

const here = process.env.E2E_HERE;
export const top = join(here, "../..");
export const state = join(process.env.E2E_STATE, "deployment");
export const app = join(state, "opt/latchkey");
export const shared = mkdtempSync(join(tmpdir(), "latchkey-proxy-")); // what the proxy's own user has to reach
export const isRoot = process.getuid() === 0; // nobody else can start a proxy as another user
export const secret = "A-LONG-RANDOM-TEXT-THE-SAME-IN-HOMESERVER-YAML";
export const password = "correct horse 8 battery";
export const client = "127.0.0.9"; // where requests come from: another address of this machine than the proxy's own
export const https = 8390;
export const http = 8391;
const synapsePort = 8308;
export const synapseLog = join(process.env.LATCHKEY_E2E_HOME, "synapse/e2e-proxy/homeserver.log");
export const pgPort = 5443;
const moved = new Map([
  ["/opt/latchkey", app],
  ["/etc/latchkey", join(state, "etc")],
  ["/run/latchkey", join(shared, "run")],
  ["127.0.0.1:8080", "127.0.0.1:8393"],
  ["127.0.0.1:8081", "127.0.0.1:8392"],
  ["127.0.0.1:8008", `127.0.0.1:${synapsePort}`],
  ["/etc/letsencrypt/live/example.com/fullchain.pem", join(state, "tls.crt")],
  ["/etc/letsencrypt/live/example.com/privkey.pem", join(state, "tls.key")],
  ["postgresql:///latchkey?host=/run/postgresql", `postgresql://postgres@127.0.0.1:${pgPort}/latchkey`],
]);
export const move = (text) => [...moved].reduce((all, [from, to]) => all.replaceAll(from, to), text);

export const page = readFileSync(join(top, "docs/admin/install.md"), "utf8");
const block = (beginning) => {
  const found = [...page.matchAll(/```yaml\n([^]*?)```/g)].map((match) => match[1]).filter((text) => text.startsWith(beginning));
  assert.equal(found.length, 1, `install.md has ${found.length} blocks that begin with ${beginning}`);
  return move(found[0]);
};
const script = (name, verb, env) =>
  execFileSync("bash", [join(here, `${name}.sh`), verb], { env: { ...process.env, ...env }, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
export const postgres = (verb) => script("postgres", verb, { PG_PORT: pgPort });
export const synapse = (verb) =>
  script("synapse", verb, { NAME: "e2e-proxy", PORT: synapsePort, SERVER_NAME: "example.com", AUTH_URL: "", USERS: "", EXTRA: join(state, "synapse.yaml") });
export const run = (program, ...args) => execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, LATCHKEY_CONFIG: "" } });
const config = join(state, "etc/config.yaml");
export const configFile = config;
let latchkey;
export let browser;
// Where the programs of its JDK are.
export const latchkeyJava = () => dirname(readlinkSync(`/proc/${latchkey.pid}/exe`));

// Section 3: what was generated keeps its secrets; three sections come from the page.
function configure(socket) {
  run(join(app, "latchkey"), "config", "generate", "-o", config);
  const sections = readFileSync(config, "utf8").split(/^(?=[a-z]+:)/m).filter((text) => !/^(http|database|matrix):/.test(text));
  // More people sign in from this address than from a household.
  const limits = "rate_limiting: {login: {per_ip: {burst: 100, per_second: 10}}}\n";
  const bind = `{socket: ${join(shared, "run")}/http.sock, mode: "660"}`;
  assert.ok(block("http:").includes(bind));
  writeFileSync(config, block("http:").replace(bind, socket ? bind : `{address: "${move("127.0.0.1:8080")}"}`) + sections.join("") + limits);
  run(join(app, "latchkey"), "config", "check", "-c", config);
}

// Section 4: as the unit does.
export async function startLatchkey() {
  const unit = move(readFileSync(join(top, "deploy/latchkey.service"), "utf8"));
  const [program, ...args] = /^ExecStart=(.*)$/m.exec(unit)[1].split(" ");
  const [, name, value] = /^Environment=([^=]+)=(.*)$/m.exec(unit);
  const log = openSync(join(state, "latchkey.log"), "a");
  latchkey = spawn(program, args, { env: { ...process.env, [name]: value }, stdio: ["ignore", log, log] });
  await eventually("Latchkey is ready", async () => (await fetch("http://127.0.0.1:8392/health/ready")).status === 200, 60);
}

export async function stopLatchkey() {
  const gone = new Promise((done) => latchkey.once("exit", done));
  latchkey.kill("SIGTERM");
  assert.equal(await gone, 0);
}

// The folder of the unit's RuntimeDirectory. The socket in it is of the group that the proxy is in, and of nobody else.
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

// Starts everything, with a certificate for the proxy; `socket`: it opens Latchkey's Unix socket, otherwise its port 8080.
export async function setUp(startProxy, { socket = true } = {}) {
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
  configure(socket);
  resolveNames();
  await startLatchkey();
  synapse("start");
  await startProxy();
  run(join(app, "latchkey"), "manage", "register-user", "-c", config, "--yes", "--admin", "-p", password, "alice");
  browser = await openBrowser([
    `--host-resolver-rules=MAP auth.example.com:443 127.0.0.1:${https},MAP matrix.example.com:443 127.0.0.1:${https}`,
    "--ignore-certificate-errors", // Node's half of the test checks it
  ]);
}

export async function tearDown() {
  await browser?.close();
  if (latchkey?.exitCode === null) latchkey.kill("SIGTERM");
  synapse("stop");
  postgres("reset");
  rmSync(shared, { recursive: true, force: true });
}

const log = () => readFileSync(join(state, "latchkey.log"), "utf8").split("\n");
export const logged = (what) => eventually(`a line of the log with ${what}`, async () => log().findLast((line) => line.includes(what)));
export const atMatrix = { baseUrl: "https://matrix.example.com", password };

export function curl(...args) {
  const names = ["auth", "matrix"].map((name) => `${name}.example.com:443:127.0.0.1:${https}`);
  return run("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "--cacert", join(state, "tls.crt"), "--interface", client,
    ...names.flatMap((name) => ["--connect-to", name]), ...args);
}

// Waits until a proxy answers that was started by a function, and ends it.
export const answers = () => eventually("the proxy answers", async () => curl("https://auth.example.com/.well-known/openid-configuration") === "200");
export async function end(child, signal = "SIGTERM") {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once("exit", done));
  child.kill(signal);
  await gone;
}

// What is the same behind every proxy.
export function behaves(proxy, { redirect, away = "502" }) {
  test(`a login through ${proxy}: matrix-js-sdk discovers, logs in, syncs; the log has the address of the client`, async () => {
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

  test("what is not for the world is not in the world", () => {
    assert.equal(curl("https://auth.example.com/health"), "404");
    assert.equal(curl("https://matrix.example.com/_synapse/admin/v1/server_version"), "404");
    assert.equal(curl("https://matrix.example.com/_synapse/mas/query_user?localpart=alice"), "404");
    assert.equal(curl("--connect-to", `auth.example.com:80:127.0.0.1:${http}`, "http://auth.example.com/login"), redirect);
  });

  test("the old login is Latchkey's, from the flows to the logout, and nothing that only looks like it", async () => {
    const at = (path) => `https://matrix.example.com/_matrix/client/v3/${path}`;
    const post = async (path, body, token) => {
      const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
      const response = await fetch(at(path), { method: "POST", headers, body: JSON.stringify(body) });
      return { status: response.status, body: await response.json() };
    };
    const flows = (await (await fetch(at("login"))).json()).flows;
    assert.ok(flows.some((flow) => flow.type === "m.login.sso" && flow.oauth_aware_preferred));
    const sso = await fetch(at("login/sso/redirect?redirectUrl=https%3A%2F%2Fapp.example.org%2F%3Fx%3D%252F"), { redirect: "manual" });
    assert.match(sso.headers.get("location"), /^https:\/\/auth\.example\.com\/complete-compat-sso\//);

    const login = await post("login", { type: "m.login.password", identifier: { type: "m.id.user", user: "alice" }, password, refresh_token: true });
    assert.equal(login.status, 200, JSON.stringify(login.body));
    assert.match(await logged('"POST /_matrix/client/v3/login '), new RegExp(`client\\.address=${client}$`));
    const tokens = (await post("refresh", { refresh_token: login.body.refresh_token })).body;
    assert.equal((await whoami(tokens.access_token, atMatrix.baseUrl)).body.device_id, login.body.device_id);
    assert.equal((await post("logout/all", {}, tokens.access_token)).body.errcode, "M_UNRECOGNIZED");
    assert.equal((await post("logout", {}, tokens.access_token)).status, 200);
    await eventually("the token is refused", async () => (await whoami(tokens.access_token, atMatrix.baseUrl)).status === 401);

    const lookalikes = ["rooms/!a:b/state/login", "rooms/!a:b/state/m.x/logout", "user/@a:b/account_data/refresh", "profile/login"];
    for (const path of lookalikes) assert.notEqual((await (await fetch(at(path))).json()).errcode, "M_UNRECOGNIZED", path);
  });

  test("auth_metadata is answered while Synapse is away, under both its names", async () => {
    synapse("stop");
    try {
      assert.equal(curl("https://matrix.example.com/_matrix/client/versions"), away);
      for (const name of ["v1", "unstable/org.matrix.msc2965"]) {
        const answer = await fetch(`https://matrix.example.com/_matrix/client/${name}/auth_metadata`);
        assert.equal((await answer.json()).issuer, "https://auth.example.com/", name);
      }
    } finally {
      synapse("start");
    }
  });
}
