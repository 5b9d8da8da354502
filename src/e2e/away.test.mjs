// A real Synapse that is killed and stays away for an hour, which the clock of PostgreSQL passes in seconds (libfaketime): Latchkey goes by
// that clock and no other. Logins and logouts go on meanwhile, and afterwards both sides know the same devices.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

// A rig of its own: nothing that has seen the future is of use to another suite.
const ports = { PORT: 8470, TLS_PORT: 8471, WIRE_PORT: 8472, TOXIPROXY_PORT: 8473, SECOND_PORT: 8474, SYNAPSE_PORT: 8478, PG_PORT: 5447, PGBOUNCER_PORT: 6447 };
const state = join(process.env.E2E_STATE, "away");
Object.assign(process.env, Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])), {
  E2E_STATE: state, LATCHKEY_URL: `http://localhost:${ports.PORT}`, HOMESERVER_URL: `http://127.0.0.1:${ports.SYNAPSE_PORT}`,
  AUTH_URL: `http://127.0.0.1:${ports.PORT}/`, NAME: "e2e-away", LATCHKEY_CONFIG: `${state}/generated.yaml:${state}/e2e.yaml`,
});
const { devices, eventually, introspect, latchkeyUrl, logIn, manage, openBrowser, pause, psql, synapse, token, whoami } = await import("./rig.mjs");

const { E2E_HERE, LATCHKEY, LATCHKEY_CONFIG, LATCHKEY_E2E_HOME, NAME } = process.env;
const library = execFileSync("dpkg", ["-L", "libfaketime"], { encoding: "utf8" }).split("\n").find((file) => file.endsWith("libfaketime.so.1"));
// PostgreSQL runs as another user.
const clock = mkdtempSync(join(tmpdir(), "latchkey-clock-"));
const rig = (verb, env = {}) => execFileSync("bash", [`${E2E_HERE}/rig.sh`, verb], { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
let browser;
let passed = 0;

before(async () => {
  mkdirSync(state, { recursive: true });
  chmodSync(clock, 0o755);
  writeFileSync(join(clock, "time"), "+0\n");
  rig("reset");
  rig("start", { PG_ENVIRONMENT: `LD_PRELOAD=${library} FAKETIME_TIMESTAMP_FILE=${clock}/time FAKETIME_NO_CACHE=1 FAKETIME_DONT_RESET=1 DONT_FAKE_MONOTONIC=1` });
  manage("register-user", "--yes", "--ignore-password-complexity", "-p", "password", "io");
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  rig("reset");
  rmSync(clock, { recursive: true, force: true });
});

const aheadOfUs = () => Number(psql("select extract(epoch from clock_timestamp())")) - Date.now() / 1000;
// Minutes go by; Latchkey hears of it with its next look at the database, once a second.
async function pass(minutes) {
  passed += minutes * 60;
  writeFileSync(join(clock, "time"), `+${passed}\n`);
  assert.ok(Math.abs(aheadOfUs() - passed) < 5, `PostgreSQL is ${aheadOfUs()} s ahead`);
  await pause(1.6);
}
const legacyLogIn = (device_id) =>
  fetch(`${latchkeyUrl}/_matrix/client/v3/login`, {
    method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ type: "m.login.password", identifier: { type: "m.id.user", user: "io" }, password: "password", device_id }),
  });
const legacyLogOut = (token) => fetch(`${latchkeyUrl}/_matrix/client/v3/logout`, { method: "POST", headers: { Authorization: `Bearer ${token}` } });
const jobs = () => JSON.parse(execFileSync(LATCHKEY, ["jobs", "list", "--json"], { env: { ...process.env, LATCHKEY_CONFIG }, stdio: "pipe" }));
const oldest = async () => Number(/^latchkey_jobs_oldest_age_seconds\{[^}]*delete-device[^}]*\} (\S+)$/m.exec(await (await fetch(`${latchkeyUrl}/metrics`)).text())?.[1]);
const devicesHere = () =>
  psql("select device_id from latchkey.oauth_sessions s join latchkey.users u on u.id = s.user_id where finished_at is null and username = 'io' order by device_id collate \"C\"").split("\n");

test("an hour away under logins and logouts: what needs a device is put off, all else is taken and arrives, both sides know the same devices", async () => {
  const { tokens, clientId, deviceId } = await logIn(browser, "io");
  let witness = tokens;
  const leaving = [];
  for (let n = 1; n <= 6; n++) leaving.push((await (await legacyLogIn(`OUT${n}`)).json()).access_token);
  const staying = (await (await legacyLogIn("STAYS")).json()).access_token;
  await eventually("nothing waits", async () => jobs().length === 0);
  assert.equal((await devices(witness.access_token)).length, 8);

  process.kill(Number(readFileSync(`${LATCHKEY_E2E_HOME}/synapse/${NAME}/pid`, "utf8")), "SIGKILL");
  for (const [n, out] of leaving.entries()) {
    const refused = await legacyLogIn(`NEVER${n}`);
    assert.equal(refused.status, 503);
    assert.ok(Number(refused.headers.get("retry-after")) > 0);
    assert.equal((await legacyLogOut(out)).status, 200);
    assert.equal((await introspect(out)).active, false);
    await pass(10);
    // Nothing of this needs a homeserver: its access token has run out, and it gets another.
    assert.equal((await introspect(witness.access_token)).active, false);
    const refreshed = await refresh(clientId, witness.refresh_token);
    assert.equal((await introspect(refreshed.access_token)).active, true);
    witness = refreshed;
    assert.equal((await introspect(staying)).active, true);
  }

  // Each was asked for in the hour, and none was given up.
  const waiting = jobs();
  assert.deepEqual(waiting.map((job) => `${job.queue} ${job.subjects[1]}`).sort(),
    leaving.flatMap((_, n) => [`delete-device NEVER${n}`, `delete-device OUT${n + 1}`]).sort());
  const ages = waiting.map((job) => Date.now() / 1000 + passed - Date.parse(job.asked_at) / 1000);
  assert.ok(Math.max(...ages) > 3590, `the oldest is ${Math.max(...ages)} s old`);
  await eventually("the figure for an alarm tells", async () => (await oldest()) > 3590, 40);
  const complaints = readFileSync(`${state}/latchkey.log`, "utf8").match(/all jobs for the homeserver wait/g).length;
  assert.ok(complaints <= 2, `${complaints} lines say so`);

  synapse("start");
  await pass(2); // it is asked once a minute
  await eventually("nothing waits any more", async () => jobs().length === 0, 40);
  const left = [deviceId, "STAYS"].sort();
  assert.deepEqual((await devices(witness.access_token)).sort(), left);
  assert.deepEqual(devicesHere(), left);
  for (const out of leaving) assert.equal((await whoami(out)).status, 401);
  const fresh = await (await legacyLogIn("AFTER")).json();
  assert.equal((await whoami(fresh.access_token)).body.device_id, "AFTER");
});

async function refresh(client_id, refresh_token) {
  const response = await token({ grant_type: "refresh_token", client_id, refresh_token });
  assert.equal(response.status, 200);
  return response.json();
}
