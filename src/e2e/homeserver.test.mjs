// A real Synapse that is killed, stands still, or is told by the wrong secret, under logins and logouts: those that need the device
// are told to come back, everything else arrives once it is well, and both sides know the same devices.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, before, beforeEach, test } from "node:test";
import { devices, eventually, homeserverUrl, introspect, latchkeyUrl, logIn, manage, openBrowser, pause, psql, restart, synapse, whoami } from "./rig.mjs";

const { E2E_STATE, LATCHKEY, LATCHKEY_CONFIG, LATCHKEY_E2E_HOME, NAME, AUTH_SECRET } = process.env;
let browser;
// Somebody of its own: other suites have left devices of databases that are gone.
before(async () => {
  manage("register-user", "--yes", "--ignore-password-complexity", "-p", "password", "hera");
  browser = await openBrowser();
});
// Whatever the test before has left.
beforeEach(() => { synapse("start"); restart(); });
after(async () => { await browser?.close(); });

const legacyLogIn = (user, device_id) =>
  fetch(`${latchkeyUrl}/_matrix/client/v3/login`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ type: "m.login.password", identifier: { type: "m.id.user", user }, password: "password", device_id }),
  });
const legacyLogOut = (token) => fetch(`${latchkeyUrl}/_matrix/client/v3/logout`, { method: "POST", headers: { Authorization: `Bearer ${token}` } });
const health = async () => (await fetch(`${latchkeyUrl}/health`)).headers.get("x-latchkey-homeserver");
const log = () => readFileSync(`${E2E_STATE}/latchkey.log`, "utf8");
const jobs = (...words) => JSON.parse(execFileSync(LATCHKEY, ["jobs", "list", "--json", ...words], { env: { ...process.env, LATCHKEY_CONFIG }, stdio: "pipe" }));
const doctor = (configuration = LATCHKEY_CONFIG) => {
  const run = spawnSync(LATCHKEY, ["doctor", "--site", `${homeserverUrl}/`], { env: { ...process.env, LATCHKEY_CONFIG: configuration } });
  return { status: run.status, said: run.stderr.toString() };
};
const ofUser = `user_id = (select id from latchkey.users where username = `;
const devicesHere = (user) => psql(`select device_id from latchkey.oauth_sessions where finished_at is null and ${ofUser}'${user}') order by 1`).split("\n");
const synapsePid = () => Number(readFileSync(`${LATCHKEY_E2E_HOME}/synapse/${NAME}/pid`, "utf8"));
const asMas = async (path) => (await fetch(`${homeserverUrl}/_synapse/mas/${path}`, { headers: { Authorization: `Bearer ${AUTH_SECRET}` } })).json();
const nothingWaits = () => eventually("nothing waits any more", async () => jobs().length === 0, 90);

// Logins that are refused, logouts that are taken.
async function whileItIsAway(user, leaving) {
  const begin = Date.now();
  const refused = await legacyLogIn(user, "NEVER");
  assert.equal(refused.status, 503);
  assert.ok(refused.headers.get("retry-after"));
  assert.ok(Date.now() - begin < 14_000, `took ${Date.now() - begin} ms`);
  for (const token of leaving) {
    assert.equal((await legacyLogOut(token)).status, 200);
    assert.equal((await introspect(token)).active, false);
  }
}

async function sameOnBothSides(user, witness) {
  await nothingWaits();
  assert.deepEqual((await devices(witness)).sort(), devicesHere(user));
}

async function people(prefix) {
  await health().catch(health);
  const { tokens } = await logIn(browser, "hera");
  const leaving = [];
  for (const n of [1, 2, 3]) leaving.push((await (await legacyLogIn("hera", `${prefix}${n}`)).json()).access_token);
  assert.equal((await whoami(leaving[0])).body.device_id, `${prefix}1`);
  return { witness: tokens.access_token, leaving };
}

test("killed: logouts are taken, jobs wait quietly and are seen waiting, and arrive when it is back", async () => {
  const { witness, leaving } = await people("KILL");
  await nothingWaits();
  process.kill(synapsePid(), "SIGKILL");
  const before = log().length;

  await whileItIsAway("hera", leaving);
  manage("lock-user", "bob");
  await eventually("health tells", async () => (await health()) === "unreachable");
  await pause(20);

  // Of the login that came to nothing as well: nobody knows how far it got.
  const waiting = jobs("--user", "hera");
  assert.deepEqual(waiting.map((job) => [job.queue, job.subjects[1]]).sort(), ["KILL1", "KILL2", "KILL3", "NEVER"].map((device) => ["delete-device", device]));
  assert.match(waiting.find((job) => job.failures > 0).last_error, /delete_device/);
  assert.equal(log().slice(before).match(/all jobs for the homeserver wait/g).length, 1);
  assert.match(doctor().said, /versions cannot be reached/);
  synapse("start");
  await sameOnBothSides("hera", witness);
  assert.ok(!(await devices(witness)).some((device) => device.startsWith("KILL")));
  assert.equal(await health(), "well");
  manage("unlock-user", "bob");
  assert.equal((await legacyLogIn("hera", "AFTER")).status, 200);
});

test("standing still for half a minute: introspection does not notice, a login is put off within its deadline", async () => {
  const { witness, leaving } = await people("SLOW");
  await nothingWaits();
  process.kill(synapsePid(), "SIGSTOP");
  try {
    const begin = Date.now();
    const refused = whileItIsAway("hera", leaving);
    while (Date.now() - begin < 30_000) {
      const asked = Date.now();
      assert.equal((await introspect(witness)).active, true);
      assert.ok(Date.now() - asked < 1500, `an introspection took ${Date.now() - asked} ms`);
      await pause(0.5);
    }
    await refused;
    assert.equal(await health(), "timeout");
  } finally {
    process.kill(synapsePid(), "SIGCONT");
  }
  await sameOnBothSides("hera", witness);
});

test("the wrong secret: told by doctor, health and one line of the log; what waited goes on with the right one", async () => {
  const { witness, leaving } = await people("SECRET");
  await nothingWaits();
  restart("matrix: {secret: not-this-one}\n");
  // A connection kept from before a restart is dead; the second try is on a new one.
  await health().catch(health);
  const before = log().length;

  const refused = await legacyLogIn("hera", "NEVER");
  assert.equal(refused.status, 503);
  for (const token of leaving) assert.equal((await legacyLogOut(token)).status, 200);
  await eventually("health tells", async () => (await health()) === "wrong-secret");
  await pause(12);

  assert.equal(log().slice(before).match(/all jobs for the homeserver wait.*does not accept matrix.secret/g).length, 1);
  assert.doesNotMatch(log(), /not-this-one/);
  const told = doctor(`${LATCHKEY_CONFIG}:${E2E_STATE}/extra.yaml`);
  assert.equal(told.status, 0);
  assert.match(told.said, /error: +the homeserver does not take matrix\.secret/);
  assert.match(told.said, /error: +the homeserver cannot ask Latchkey about tokens/);
  assert.equal(jobs("--user", "hera").length, 4);
  restart();
  await health().catch(health);
  await sameOnBothSides("hera", witness);
});

test("doctor sees a Synapse without the reverse proxy in front: which paths go astray, and what is well", async () => {
  const { status, said } = doctor();

  assert.equal(status, 0);
  assert.match(said, /ok: +it refuses a token that is none/);
  assert.match(said, /ok: +it takes matrix\.secret/);
  assert.match(said, /warning: .*auth_metadata is answered by Synapse/);
  assert.match(said, /GET \/_matrix\/client\/v3\/login, .*POST \/_matrix\/client\/v3\/logout, .*POST \/_matrix\/client\/v3\/refresh/);
  assert.match(said, /Caddy: .*\n.*handle @legacy/);
});

test("an account is deactivated, erased from nobody, and brought back", async () => {
  manage("register-user", "--yes", "--ignore-password-complexity", "-p", "password", "-d", "Carol", "carol");
  await health().catch(health);
  await nothingWaits();
  assert.equal((await asMas("query_user?localpart=carol")).display_name, "Carol");
  const token = (await (await legacyLogIn("carol", "PHONE")).json()).access_token;
  assert.equal((await whoami(token)).status, 200);

  manage("lock-user", "carol", "--deactivate");

  assert.equal((await introspect(token)).active, false);
  await nothingWaits();
  assert.equal((await asMas("query_user?localpart=carol")).is_deactivated, true);
  assert.equal((await legacyLogIn("carol", "PHONE")).status, 403);
  manage("unlock-user", "carol", "--reactivate");
  await nothingWaits();
  assert.equal((await asMas("query_user?localpart=carol")).is_deactivated, false);
  const again = await (await legacyLogIn("carol", "PHONE")).json();
  assert.equal((await whoami(again.access_token)).body.device_id, "PHONE");
});

test("everybody is told anew: what somebody else did to devices there is mended", async () => {
  const { witness } = await people("MEND");
  await fetch(`${homeserverUrl}/_synapse/mas/upsert_device`, {
    method: "POST", headers: { Authorization: `Bearer ${AUTH_SECRET}`, "Content-Type": "application/json" }, body: JSON.stringify({ localpart: "hera", device_id: "GHOST" }),
  });
  assert.ok((await devices(witness)).includes("GHOST"));

  manage("provision-all-users");

  await sameOnBothSides("hera", witness);
  assert.ok(!(await devices(witness)).includes("GHOST"));
});
