// The kinds of homeserver that are told otherwise than the newest: `synapse_legacy` with the last Synapse that has its admin token, and
// `synapse_read_only`, which tells nothing.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { eventually, homeserverUrl, latchkeyUrl, logIn, manage, openBrowser, psql, restart, synapse, synced, whoami } from "./rig.mjs";

const { E2E_STATE, LATCHKEY, LATCHKEY_CONFIG, LATCHKEY_E2E_HOME, NAME } = process.env;
const port = 8310;
const old = `http://127.0.0.1:${port}`;
const adminToken = "the-admin-token-of-an-old-synapse";
const client = "0000000000000000000SYNAPSE";
// As docs/admin/homeserver.md says.
const delegation = `experimental_features:
  msc3861:
    enabled: true
    issuer: ${latchkeyUrl}/
    client_id: ${client}
    client_auth_method: client_secret_basic
    client_secret: what-synapse-proves-itself-with
    admin_token: ${adminToken}
`;
const ours = `matrix: {kind: synapse_legacy, endpoint: "${old}/", secret: ${adminToken}}
clients:
  - {client_id: ${client}, client_auth_method: client_secret_basic, client_secret: what-synapse-proves-itself-with}
`;
const anOldOne = { NAME: "e2e-kinds", PORT: port, SYNAPSE_VERSION: "1.156.0", AUTH_URL: "", USERS: "", EXTRA: `${E2E_STATE}/msc3861.yaml` };
let browser;
let isOver = false;

before(async () => {
  writeFileSync(anOldOne.EXTRA, delegation);
  browser = await openBrowser();
  synapse("reset", anOldOne);
  restart(ours);
  synapse("start", anOldOne);
});
after(async () => {
  await browser?.close();
  synapse("reset", anOldOne);
  if (!isOver) restart();
});

const configured = () => ({ ...process.env, LATCHKEY_CONFIG: `${LATCHKEY_CONFIG}:${E2E_STATE}/extra.yaml` });
const jobs = (...words) => JSON.parse(execFileSync(LATCHKEY, ["jobs", "list", "--json", ...words], { env: configured(), stdio: "pipe" }));
const nothingWaits = () => eventually("nothing waits any more", async () => Number(psql(`select count(*) from latchkey.scheduled_tasks where task_name in
  ('provision-user', 'set-display-name', 'delete-device', 'sync-devices', 'deactivate-user', 'reactivate-user')`)) === 0, 60);
const doctor = () => spawnSync(LATCHKEY, ["doctor", "--site", `${old}/`], { env: configured() }).stderr.toString();
const asAdmin = async (path, method = "GET", body) => {
  const headers = { Authorization: `Bearer ${adminToken}`, "Content-Type": "application/json" };
  const response = await fetch(`${old}/_synapse/admin/${path}`, { method, headers, body: body && JSON.stringify(body) });
  return response.json();
};
// As this Synapse asks.
const introspect = async (token) => {
  const headers = { Authorization: `Basic ${btoa(`${client}:what-synapse-proves-itself-with`)}` };
  return (await fetch(`${latchkeyUrl}/oauth2/introspect`, { method: "POST", headers, body: new URLSearchParams({ token }) })).json();
};
const leda = "v2/users/@leda:localhost";
const there = async () => (await asAdmin(`${leda}/devices`)).devices.map((device) => device.device_id).sort();
const ofUser = (name) => `(select id from latchkey.users where username = '${name}')`;
const here = () => JSON.parse(psql(`select coalesce(json_agg(device_id), '[]') from latchkey.oauth_sessions where finished_at is null and device_id is not null and user_id = ${ofUser("leda")}`)).sort();
const legacyLogIn = (user, device_id, more = {}) =>
  fetch(`${latchkeyUrl}/_matrix/client/v3/login`, {
    method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ type: "m.login.password", identifier: { type: "m.id.user", user }, password: "password", device_id, ...more }),
  });

// What nothing asks for yet in this release is put into the queue as Latchkey itself would.
function enqueue(kind, user, more) {
  const digits = (bytes, count) => [...bytes].slice(0, count).map((byte) => "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[byte % 32]).join("");
  let [time, ulid] = [Date.now(), ""];
  for (let i = 0; i < 10; i++, time = Math.floor(time / 32)) ulid = digits([time % 32], 1) + ulid;
  psql(`insert into latchkey.scheduled_tasks (task_name, task_instance, task_data, execution_time, picked, version)
        select '${kind}', '${ulid}${digits(randomBytes(16), 16)}', convert_to(id::text || E'\\n' || '${more}', 'utf8'), now(), false, 1 from latchkey.users where username = '${user}'`);
}

test("an old Synapse takes the admin token, and the doctor is content; a new one does not start with it", () => {
  const said = doctor();
  assert.match(said, /ok: +it takes matrix\.secret/);
  assert.match(said, /ok: +it refuses a token that is none/);

  assert.throws(
    () => synapse("start", { ...anOldOne, NAME: "e2e-kinds-new", PORT: port + 1, SYNAPSE_VERSION: undefined }),
    (error) => /experimental_features\.msc3861 was removed/.test(error.stderr.toString()));
  synapse("reset", { NAME: "e2e-kinds-new" });
});

test("an account arrives with its name, its address and the subject by which the old Synapse finds it", async () => {
  manage("register-user", "--yes", "--ignore-password-complexity", "-p", "password", "-d", "Leda the Elder", "-e", "leda@example.org", "leda");
  await nothingWaits();

  const account = await asAdmin(leda);
  assert.equal(account.displayname, "Leda the Elder");
  assert.deepEqual(account.threepids.map((id) => [id.medium, id.address]), [["email", "leda@example.org"]]);
  const { access_token } = await (await legacyLogIn("leda", "SUBJECT")).json();
  assert.deepEqual(account.external_ids, [{ auth_provider: "oauth-delegated", external_id: (await introspect(access_token)).sub }]);
});

test("old and new logins work there, with devices of any name, and a logout takes its own away", async () => {
  const { tokens, client: matrix, deviceId } = await logIn(browser, "leda", "fragment", { baseUrl: old });
  assert.equal((await whoami(tokens.access_token, old)).body.device_id, deviceId);
  await synced(matrix);
  matrix.stopClient();

  const strange = ["PHONE", "A/B ü%2F", "..", "a?b#c;d", "'\"\\"];
  const sessions = [];
  for (const device of strange) {
    const answer = await legacyLogIn("leda", device, { initial_device_display_name: `Named ${device}` });
    assert.equal(answer.status, 200, device);
    sessions.push((await answer.json()).access_token);
    assert.equal((await whoami(sessions.at(-1), old)).body.device_id, device);
  }
  const named = (await asAdmin(`${leda}/devices`)).devices;
  for (const device of strange) assert.equal(named.find((entry) => entry.device_id === device)?.display_name, `Named ${device}`);
  assert.deepEqual(await there(), here());

  for (const token of sessions) {
    assert.equal((await fetch(`${latchkeyUrl}/_matrix/client/v3/logout`, { method: "POST", headers: { Authorization: `Bearer ${token}` } })).status, 200);
  }
  await nothingWaits();
  assert.deepEqual(await there(), [deviceId, "SUBJECT"].sort());
  assert.deepEqual(await there(), here());
  for (const token of sessions) assert.equal((await introspect(token)).active, false);
});

test("what somebody else did to devices there is mended", async () => {
  await asAdmin(`${leda}/devices`, "POST", { device_id: "GHOST" });
  await asAdmin(`${leda}/devices/SUBJECT`, "DELETE");
  assert.ok((await there()).includes("GHOST"));
  assert.ok(!(await there()).includes("SUBJECT"));

  manage("provision-all-users");
  await nothingWaits();

  assert.deepEqual(await there(), here());
  assert.ok((await there()).includes("SUBJECT"));
});

test("a display name is set and taken away", async () => {
  enqueue("set-display-name", "leda", "Lēda");
  await eventually("it is set", async () => (await asAdmin(leda)).displayname === "Lēda");

  enqueue("set-display-name", "leda", "");
  await eventually("it is gone", async () => !(await asAdmin(leda)).displayname);
});

test("an account is deactivated, then erased, and brought back", async () => {
  const { access_token } = await (await legacyLogIn("leda", "TABLET")).json();
  manage("lock-user", "leda", "--deactivate");
  await nothingWaits();

  const gone = await asAdmin(leda);
  assert.deepEqual([gone.deactivated, gone.erased], [true, false]);
  assert.equal((await introspect(access_token)).active, false);
  assert.deepEqual(await there(), []);
  enqueue("deactivate-user", "leda", "true");
  await eventually("it is erased", async () => (await asAdmin(leda)).erased);
  await nothingWaits();

  manage("unlock-user", "leda", "--reactivate");
  await nothingWaits();
  const back = await asAdmin(leda);
  assert.deepEqual([back.deactivated, back.erased], [false, false]);
  const again = await (await legacyLogIn("leda", "TABLET")).json();
  assert.equal((await whoami(again.access_token, old)).body.device_id, "TABLET");
  assert.deepEqual(await there(), here());
});

test("it takes the calls of a newer Synapse by the same token too", async () => {
  const headers = { Authorization: `Bearer ${adminToken}`, "Content-Type": "application/json" };
  assert.equal((await fetch(`${old}/_synapse/mas/query_user?localpart=leda`, { headers })).status, 200);
  const body = JSON.stringify({ localpart: "leda", devices: ["NEWER"] });
  assert.equal((await fetch(`${old}/_synapse/mas/sync_devices`, { method: "POST", headers, body })).status, 200);
  assert.deepEqual(await there(), ["NEWER"]);
});

test("a rehearsal asks and never tells: logins that need a device are put off, jobs wait, and go on when it is over", async () => {
  const calls = () => [...readFileSync(`${LATCHKEY_E2E_HOME}/synapse/${NAME}/homeserver.log`, "utf8").matchAll(/Processed request: .*? "([A-Z]+ \/_synapse\/[^? ]+)/g)].map((match) => match[1]);
  await nothingWaits();
  restart("matrix: {kind: synapse_read_only}\n");
  await fetch(`${homeserverUrl}/_matrix/client/versions`);
  const before = calls().length;

  manage("register-user", "--yes", "--ignore-password-complexity", "-p", "password", "danae");
  const refused = await legacyLogIn("danae", "NEVER");
  assert.equal(refused.status, 503);
  assert.ok(refused.headers.get("retry-after"));
  await eventually("a job has been tried", async () => psql("select count(*) from latchkey.scheduled_tasks where last_error is not null and consecutive_failures > 0") > 0);

  const waiting = jobs().map((job) => job.queue);
  assert.ok(waiting.includes("provision-user"), `${waiting} are waiting`);
  assert.deepEqual([...new Set(calls().slice(before))], ["GET /_synapse/mas/is_localpart_available"]);

  restart();
  isOver = true;
  await nothingWaits();
  assert.ok(calls().slice(before).includes("POST /_synapse/mas/provision_user"));
  const danae = await (await legacyLogIn("danae", "PHONE")).json();
  assert.equal((await whoami(danae.access_token)).body.device_id, "PHONE");
});
