// Every answer of the token endpoint (docs/tokens.md), and what the real matrix-js-sdk makes of it. Between the SDK and Latchkey
// lies a wire that can be cut; in front of Synapse stands what a deployment has there.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { HttpApiEvent, Method, OAuth2 } from "matrix-js-sdk";
import { openFront } from "./front.mjs";
import {
  devices, eventually, homeserverUrl, latchkey, latchkeyUrl, logIn, manage, newClient, openBrowser, pause, postgres, psql, restart, token, whoami,
} from "./rig.mjs";
import { layWires } from "./wire.mjs";

const state = process.env.E2E_STATE;
const secondPort = process.env.SECOND_PORT;
const leeway = 6; // and settling, in seconds
const dead = "mat_dead";
const database = "answers";
const databaseUri = `postgresql://postgres@127.0.0.1:${process.env.PG_PORT}/${database}`;
const sql = (statement) => psql(statement, database);
let browser, wire, front, second, phone, thief, laggard;

const firstKey = "{id: 1, secret: the-first-key-of-this-suite-and-long-enough}";
const secondKey = "{id: 2, secret: the-second-key-of-this-suite-and-long-enough, mint_from: 2026-01-01T00:00:00Z}";
const configuration = ({ more = "", keys = `[${firstKey}]`, rules = "" } = {}) => `
http: {public_base: "${wire.url}/"}
database: {uri: "${databaseUri}"}
latchkey:
  refresh: {leeway: ${leeway}, settling: ${leeway}, on_suspicion: end}
  session_expiry: {dynamic_clients: {absolute: 3600}}
  token_keys: ${keys}
  ${rules && `policy: {path: "${rules}"}`}
${more}`;

async function restartWith(settings) {
  restart(configuration(settings));
  await pause(0.1); // for connections of before to be seen dead
}

// A replica that knows the first key only, beside the one of the rig.
function startSecond() {
  const folder = `${state}/second`;
  mkdirSync(folder, { recursive: true });
  const listeners = `[{name: web, resources: [{name: oauth}, {name: health}], binds: [{address: "127.0.0.1:${secondPort}"}]}]`;
  writeFileSync(`${folder}/second.yaml`, configuration({ more: `matrix: {homeserver: localhost, endpoint: "${homeserverUrl}/", secret: "${process.env.AUTH_SECRET}"}` })
    .replace("http: {", `http: {listeners: ${listeners}, `));
  const env = { E2E_STATE: folder, LATCHKEY_URL: `http://localhost:${secondPort}`, LATCHKEY_CONFIG: `${state}/generated.yaml:${folder}/second.yaml` };
  const starting = once(spawn("bash", [`${process.env.E2E_HERE}/latchkey.sh`, "start"], { env: { ...process.env, ...env }, stdio: "inherit" }), "exit");
  return { ready: async () => assert.deepEqual((await starting)[0], 0), stop: () => latchkey("stop", env) };
}

// A rule that can be evaluated for everybody but alice.
function rulesThatFail() {
  const folder = `${state}/rules`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/authorization_grant.broken.yaml`, `
rules:
  - name: fails at a refresh of alice
    when: "input.grant_type == 'refresh_token' && input.user.username == 'alice' && 1 / (size(input.scopes) - size(input.scopes)) == 1"
    message: "'never said'"
`);
  return folder;
}

// What an app keeps on its disk.
async function signedIn(user, options) {
  const { session, tokens } = await logIn(browser, user, "fragment", { baseUrl: front.url, ...options });
  return { session, refreshToken: tokens.refresh_token };
}

// The app after a night: it has its refresh token, the access token is dead.
function started(store) {
  const client = newClient({
    baseUrl: front.url, ...store.session, accessToken: dead, refreshToken: store.refreshToken,
    onTokenRefresh: async (tokens) => { store.refreshToken = tokens.refreshToken; },
  });
  const app = { client, loggedOut: 0 };
  client.on(HttpApiEvent.SessionLoggedOut, () => { app.loggedOut++; });
  return app;
}

// How the app stands after it has asked the homeserver something.
async function use(app) {
  try {
    await app.client.whoami();
    await app.client.http.authedRequest(Method.Get, "/sync", { timeout: "0" });
  } catch (error) {
    if (app.loggedOut) return "logged out";
    if (error.name === "TokenRefreshError" || error.name === "ConnectionError") return "kept";
    throw error;
  }
  assert.equal(app.loggedOut, 0);
  return "logged in";
}
// It may meet what is left of a trouble, such as a dead connection to the database, and then asks again.
async function comesBack(app) {
  await eventually("it is logged in again", async () => (await use(app)) === "logged in");
  assert.equal(app.loggedOut, 0);
}
const next = (store) => use(started(store));
const generation = () => Number(sql(`select generation from latchkey.oauth_sessions where ${mine()}`));
const refresh = (store, { refreshToken = store.refreshToken, headers = {} } = {}) =>
  token({ grant_type: "refresh_token", client_id: store.session.oauthClientId, refresh_token: refreshToken }, headers);
const mine = () => `device_id = '${phone.session.deviceId}'`;

before(async () => {
  await newClient().getAuthMetadata(); // Synapse keeps what it read first: not the wire's address, which is gone afterwards
  browser = await openBrowser();
  front = await openFront();
  wire = await layWires();
  // A copy, whose tokens are under keys that are written down.
  latchkey("stop");
  psql(`drop database if exists ${database}`, "postgres");
  psql(`create database ${database} template latchkey`, "postgres");
  sql("truncate latchkey.token_keys, latchkey.oauth_sessions cascade");
  await restartWith();
  second = startSecond();
  phone = await signedIn("alice");
});
after(async () => {
  await browser?.close();
  front?.close();
  second?.stop();
  restart();
  wire?.takeDown();
});

test("the current token: rotated, logged in", async () => {
  const kept = phone.refreshToken;

  assert.equal(await next(phone), "logged in");

  assert.notEqual(phone.refreshToken, kept);
  assert.equal(generation(), 1);
});

test("a newer one than the database remembers: followed, logged in", async () => {
  sql(`update latchkey.oauth_sessions set generation = generation - 1, used_generation = generation - 1 where ${mine()}`);

  assert.equal(await next(phone), "logged in");

  assert.equal(generation(), 2);
});

test("the reply is lost: kept, then the same tokens, logged in", async () => {
  const app = started(phone);

  await wire.broken(["limit_data", "downstream", { bytes: 1 }], async (port) => {
    await wire.leadTo(port);
    assert.equal(await use(app), "kept");
  });
  await wire.leadTo(process.env.PORT);
  assert.equal(generation(), 3);
  assert.equal(await use(app), "logged in");

  assert.equal(generation(), 3);
});

test("two processes with one store, at once and within the leeway: both logged in, with the same tokens", async () => {
  const one = { ...phone };
  const other = { ...phone };
  const late = { ...phone };

  assert.deepEqual(await Promise.all([next(one), next(other)]), ["logged in", "logged in"]);
  assert.equal(await next(late), "logged in");

  assert.equal(one.refreshToken, other.refreshToken);
  assert.equal(one.refreshToken, late.refreshToken);
  phone = one;
});

// The two that have to wait are prepared here, and judged at the end.
test("one that is older, shortly after a rotation: 503, kept, and nobody else is disturbed", async () => {
  laggard = { live: await signedIn("bob") };
  laggard.stale = { ...laggard.live };
  assert.equal(await next(laggard.live), "logged in");
  assert.equal(await next(laggard.live), "logged in");
  laggard.app = started(laggard.stale);

  assert.equal(await use(laggard.app), "kept");

  assert.equal(await next(laggard.live), "logged in"); // whoever reads the store again goes on
});

test("a thief rotates first", async () => {
  const victim = await signedIn("alice");
  const stolen = await (await refresh(victim)).json();
  assert.equal((await whoami(stolen.access_token)).status, 200);
  thief = { victim, stolen, at: Date.now() };
});

const deaths = {
  "no token of ours": async (store) => { store.refreshToken = "mar_nonsense"; },
  "a token of another client": async (store) => {
    const metadata = { client_name: "Another", client_uri: "https://another.example.com/", redirect_uris: ["https://another.example.com/"] };
    store.session.oauthClientId = await OAuth2.registerClient(await store.client.getAuthMetadata(), metadata, store.client.logger);
  },
  "another life of the session": async () => {
    sql(`update latchkey.oauth_sessions set nonce = nonce # 1 where ${mine()}`);
    return () => sql(`update latchkey.oauth_sessions set nonce = nonce # 1 where ${mine()}`);
  },
  "the account is deactivated": async () => {
    sql("update latchkey.users set deactivated_at = now() where username = 'alice'");
    return () => sql("update latchkey.users set deactivated_at = null where username = 'alice'");
  },
};
for (const [what, make] of Object.entries(deaths)) {
  test(`${what}: logged out`, async () => {
    const store = { ...phone, session: { ...phone.session }, client: newClient({ baseUrl: front.url }) };
    const undo = await make(store);

    assert.equal(await next(store), "logged out");

    await undo?.();
    assert.equal(await next(phone), "logged in");
  });
}

test("the account is locked and unlocked: kept, and logged in", async () => {
  const app = started(phone);
  manage("lock-user", "alice");
  assert.equal(await use(app), "kept");
  manage("unlock-user", "alice");

  assert.equal(await use(app), "logged in");
});

test("the account is locked while the access token has a minute left, and the homeserver asks: the SDK logs out unasked", async () => {
  const store = { ...phone };
  const app = started(store);
  front.breaks = (request) => request.headers.authorization && !request.headers.authorization.endsWith(dead);
  assert.equal(await use(app), "kept"); // it has new tokens that Synapse never saw
  front.breaks = undefined;
  sql("update latchkey.users set locked_at = now() where username = 'alice'");
  await pause(1);

  assert.equal(await use(app), "logged out");

  sql("update latchkey.users set locked_at = null where username = 'alice'");
  assert.equal(await next(store), "logged in"); // nothing was lost but what this app threw away
  phone = store;
});

test("the database is away and comes back: kept, and logged in", async () => {
  const app = started(phone);
  postgres("stop");
  try {
    assert.equal(await use(app), "kept");
  } finally {
    postgres("start");
  }

  await comesBack(app);
});

test("the row of the session is missing, until the backup is laid back: kept, and logged in", async () => {
  const app = started(phone);
  sql(`create table saved as select * from latchkey.oauth_sessions where ${mine()}`);
  sql(`delete from latchkey.oauth_sessions where ${mine()}`);
  assert.equal(await use(app), "kept");
  sql("insert into latchkey.oauth_sessions select * from saved");
  sql("delete from latchkey.lost_sessions");

  await comesBack(app);
});

test("Latchkey is stopping, then away, then a rule objects to the address, then one cannot be evaluated, then no longer: kept, and logged in", async () => {
  const app = started(phone);
  // It stops only when this request, whose rest does not come, is over.
  const endless = connect(process.env.PORT, "127.0.0.1");
  endless.write("POST /oauth2/revoke HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 99\r\n\r\ntoken=");
  await pause(0.2);
  process.kill(Number(readFileSync(`${state}/latchkey.pid`, "utf8")));
  await eventually("it stops", async () => (await fetch(`${latchkeyUrl}/health/ready`)).status === 503);
  assert.equal(await use(app), "kept");
  endless.destroy();
  latchkey("stop");
  assert.equal(await use(app), "kept");
  await restartWith({ more: "policy: {data: {requester: {banned_ips: [\"127.0.0.0/8\"]}}}" });
  assert.equal(await use(app), "kept");
  await restartWith({ rules: rulesThatFail() });
  assert.equal(await use(app), "kept");
  assert.match(latchkey("log").toString(), /authorization_grant\.broken\.yaml.*cannot be evaluated/);
  await second.ready();
  await restartWith({ more: "experimental: {access_token_ttl: 2}", keys: `[${firstKey}, ${secondKey}]` });

  assert.equal(await use(app), "logged in");
});

test("the access token runs out: the SDK sees it come, logged in", async () => {
  const app = started(phone);
  assert.equal(await use(app), "logged in");
  const kept = phone.refreshToken;
  await pause(2);

  assert.equal(await use(app), "logged in");

  assert.notEqual(phone.refreshToken, kept);
});

test("a final rule objects: logged out, unless the right comes back before the client asks", async () => {
  const right = (has) => sql(`update latchkey.users set can_request_admin = ${has} where username = 'alice'`);
  right(true);
  const store = await signedIn("alice", { more: "urn:synapse:admin:*" });
  const app = started(store);
  right(false);
  right(true);
  assert.equal(await use(app), "logged in");
  right(false);

  assert.equal(await next({ ...store }), "logged out");

  right(true);
  assert.equal(await next(store), "logged in"); // the row lives on
});

test("a replica without the key of the token: kept, and logged in at one that has it", async () => {
  const app = started(phone);
  await wire.leadTo(secondPort);
  assert.equal(await use(app), "kept");
  await wire.leadTo(process.env.PORT);

  assert.equal(await use(app), "logged in");
});

const settled = () => pause(Math.max(0, (thief.at - Date.now()) / 1000 + 2 * leeway));

test("a thief was there: logged out, both, and the device is gone", async () => {
  const witness = started(phone);
  const seen = async () => (await use(witness)) === "logged in" && devices(witness.client.getAccessToken());
  assert.ok((await seen()).includes(thief.victim.session.deviceId));
  await settled();

  assert.equal(await next(thief.victim), "logged out");

  assert.equal((await refresh(thief.victim, { refreshToken: thief.stolen.refresh_token })).status, 400);
  await eventually("the device is gone from Synapse", async () => !(await seen()).includes(thief.victim.session.deviceId));
  assert.equal((await whoami(thief.stolen.access_token)).body.errcode, "M_UNKNOWN_TOKEN");
});

test("the older one, if it insists: reuse, both logged out", async () => {
  await settled();

  assert.equal(await use(laggard.app), "logged out");

  assert.equal(await next(laggard.live), "logged out");
});

test("a thief in lockstep, elsewhere and with another program, where suspicion ends: logged out in the third generation", async () => {
  const store = await signedIn("bob");
  const ends = [];
  for (let i = 0; i < 3; i++) {
    const stolen = await refresh(store, { headers: { "x-forwarded-for": "203.0.113.9", "user-agent": "lockstep" } });
    assert.equal(stolen.status, 200);
    ends.push(await next(store));
  }

  assert.deepEqual(ends, ["logged in", "logged in", "logged out"]);
  assert.equal((await refresh(store)).status, 400);
});

test("the session is too old: logged out", async () => {
  const store = await signedIn("bob");
  sql(`update latchkey.oauth_sessions set created_at = created_at - interval '2 hours' where device_id = '${store.session.deviceId}'`);

  assert.equal(await next(store), "logged out");
});

test("the session has ended: logged out", async () => {
  await fetch(`${latchkeyUrl}/oauth2/revoke`, { method: "POST", body: new URLSearchParams({ token: phone.refreshToken, client_id: phone.session.oauthClientId }) });

  assert.equal(await next(phone), "logged out");
});
