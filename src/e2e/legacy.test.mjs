// Clients that know no OAuth, and a bridge, against a real Synapse: matrix-nio, mautrix-python, matrix-js-sdk. They have one address,
// as in a deployment (front.mjs).
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { EventType, MsgType } from "matrix-js-sdk";
import { openFront } from "./front.mjs";
import {
  devices, eventually, homeserverUrl, introspect, latchkey, logIn, manage, newClient, newPage, openBrowser, pause, psql, restart, synapse,
  synced, typePassword, whoami,
} from "./rig.mjs";
import { layWires } from "./wire.mjs";

// The last one that renews the tokens of a legacy session by itself. Two of them in one process is not what they expect.
delete globalThis.__js_sdk_entrypoint;
const old = await import("matrix-js-sdk-42");

const state = process.env.E2E_STATE;
const folder = `${state}/legacy`;
const python = execFileSync("bash", [`${process.env.E2E_HERE}/install.sh`, "python"]).toString().trim();
const password = "password";
const asToken = "the-token-of-the-bridge";
let front, wire, browser, webApp, life, phone;

// A Python client, started for one verb; what it printed.
const start = async (script, verb, ...words) =>
  JSON.parse((await promisify(execFile)(python, [`${process.env.E2E_HERE}/legacy-${script}.py`, verb, front.url, ...words])).stdout);
const nio = (verb, ...words) => start("nio", verb, `${folder}/nio`, ...words);

const post = async (path, body, token) => {
  const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
  const response = await fetch(`${front.url}/_matrix/client/v3/${path}`, { method: "POST", headers, body: body && JSON.stringify(body) });
  return { status: response.status, headers: response.headers, body: await response.json() };
};
const request = (user, more = {}) => ({ type: "m.login.password", identifier: { type: "m.id.user", user }, password, ...more });
const mine = (device) => `device_id = '${device}' and finished_at is null`;
const generation = (device) => Number(psql(`select generation from latchkey.oauth_sessions where ${mine(device)}`));
const isProvisioned = async (user) => {
  const headers = { Authorization: `Bearer ${process.env.AUTH_SECRET}` };
  return (await fetch(`${homeserverUrl}/_synapse/mas/query_user?localpart=${user}`, { headers })).status === 200;
};
// What Latchkey holds of somebody's devices.
const held = (user) =>
  psql(`select s.device_id from latchkey.oauth_sessions s join latchkey.users u on u.id = s.user_id
        where u.username = '${user}' and s.finished_at is null and s.device_id is not null order by s.device_id collate "C"`).split("\n").filter(Boolean);
const refused = async (token) => eventually("Synapse refuses the token", async () => (await whoami(token)).body.errcode === "M_UNKNOWN_TOKEN");

// Where an app in the browser comes from: another origin than all that it asks.
async function serveWebApp() {
  const server = createServer((_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>An old web app</title>"));
  await new Promise((done) => server.listen(0, "localhost", done));
  server.url = `http://localhost:${server.address().port}/`;
  return server;
}

before(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(`${folder}/nio`, { recursive: true });
  await newClient().getAuthMetadata();
  [browser, front, wire, webApp] = await Promise.all([openBrowser(), openFront(), layWires(), serveWebApp()]);
  restart("experimental: {compat_token_ttl: 3}\n");
  for (const user of ["lea", "max"]) {
    manage("register-user", "--yes", "--ignore-password-complexity", "-p", password, user);
    await eventually("Synapse knows the user", async () => isProvisioned(user));
  }
  writeFileSync(`${folder}/bridge.yaml`, `
id: bridge
url: null
as_token: ${asToken}
hs_token: unused
sender_localpart: bridge_bot
rate_limited: false
io.element.msc4190: true
namespaces: {users: [{exclusive: true, regex: "@bridge_.*:localhost"}, {exclusive: false, regex: "@max:localhost"}]}
`);
  writeFileSync(`${folder}/synapse.yaml`, `app_service_config_files: ["${folder}/bridge.yaml"]\n`);
});
after(async () => {
  await browser?.close();
  front?.close();
  webApp?.close();
  wire?.takeDown();
  // These two are not those of the rig, which starts its own again for the next suite.
  synapse("stop");
  latchkey("stop");
});

test("while Synapse is away a login is refused with a time to come back, and leaves nothing", async () => {
  synapse("stop");
  try {
    const answer = await post("login", request("lea", { device_id: "TOOEARLY00" }));

    assert.equal(answer.status, 503);
    assert.equal(answer.body.errcode, "M_UNKNOWN");
    assert.ok(Number(answer.headers.get("retry-after")) > 0);
    assert.ok(answer.body.retry_after_ms > 0);
    assert.deepEqual(held("lea"), []);
  } finally {
    synapse("start", { EXTRA: `${folder}/synapse.yaml` });
  }

  assert.equal((await post("login", request("lea", { device_id: "TOOEARLY00" }))).status, 200);
});

test("matrix-nio: a wrong password, a login, an encrypted message, sent and read", async () => {
  life = await nio("begin", "lea", password);

  assert.deepEqual(life.flows, ["m.login.password", "m.login.sso", "m.login.token"]);
  assert.deepEqual(life.refused, ["M_FORBIDDEN", "Invalid username/password"]);
  assert.equal(life.user_id, "@lea:localhost");
  assert.match(life.access_token, /^mct_/);
  assert.equal(life.encrypted, true);
  assert.deepEqual(life.read, ["first"]);
  assert.ok((await devices(life.access_token)).includes(life.device_id));
  assert.ok(held("lea").includes(life.device_id));
});

test("mautrix-python: a wrong password, a login on a device of its own, a message, logout; the token is refused", async () => {
  const bot = await start("mautrix", "bot", "@max:localhost", password);

  assert.deepEqual(bot.refused, [403, "M_FORBIDDEN"]);
  assert.deepEqual([bot.user_id, bot.device_id, bot.read], ["@max:localhost", "MAUTRIXBOT", ["good evening"]]);
  assert.deepEqual(bot.logout_all, [404, "M_UNRECOGNIZED"]);
  assert.deepEqual(bot.whoami, [401, "M_UNKNOWN_TOKEN"]);
  assert.deepEqual(held("max"), []);
});

test("matrix-js-sdk by password, without refresh tokens: a message of one is read by the other; logout", async () => {
  const [lea, max] = await Promise.all(["lea", "max"].map(async (user) => {
    const login = await newClient({ baseUrl: front.url }).loginRequest(request(user, { initial_device_display_name: `${user}'s old app` }));
    assert.deepEqual(Object.keys(login).sort(), ["access_token", "device_id", "user_id"]);
    return { login, client: newClient({ baseUrl: front.url, accessToken: login.access_token, deviceId: login.device_id, userId: login.user_id }) };
  }));
  assert.equal((await introspect(lea.login.access_token)).expires_in, undefined);
  const { room_id } = await lea.client.createRoom({ invite: ["@max:localhost"], preset: "private_chat" });
  await max.client.joinRoom(room_id);
  await lea.client.sendEvent(room_id, EventType.RoomMessage, { msgtype: MsgType.Text, body: "from one old app to the other" });
  await synced(max.client);
  max.client.stopClient();
  const bodies = max.client.getRoom(room_id).getLiveTimeline().getEvents().map((event) => event.getContent().body);
  assert.ok(bodies.includes("from one old app to the other"), JSON.stringify(bodies));
  assert.equal((await max.client.getDevice(max.login.device_id)).display_name, "max's old app");

  await max.client.logout(true);

  await refused(max.login.access_token);
  assert.equal((await whoami(lea.login.access_token)).status, 200);
});

// An app of before OAuth that asks for refresh tokens: what it keeps on its disk, and a start of it after a night.
async function aPhone(user) {
  const login = await newClient({ baseUrl: front.url }).loginRequest(request(user, { refresh_token: true, initial_device_display_name: "A phone" }));
  assert.equal(login.expires_in_ms, 3000);
  return { deviceId: login.device_id, userId: login.user_id, accessToken: login.access_token, refreshToken: login.refresh_token };
}
function started(store, accessToken = "mct_dead") {
  const app = { loggedOut: 0 };
  const silent = newClient().logger;
  const asks = old.createClient({ baseUrl: front.url, logger: silent });
  app.client = old.createClient({
    baseUrl: front.url, logger: silent, ...store, accessToken,
    tokenRefreshFunction: async (refreshToken) => {
      const answer = await asks.refreshToken(refreshToken);
      Object.assign(store, { accessToken: answer.access_token, refreshToken: answer.refresh_token });
      return { accessToken: answer.access_token, refreshToken: answer.refresh_token, expiry: new Date(Date.now() + answer.expires_in_ms) };
    },
  });
  app.client.on(old.HttpApiEvent.SessionLoggedOut, () => { app.loggedOut++; });
  return app;
}
async function use(app) {
  try {
    await app.client.whoami();
  } catch (error) {
    if (app.loggedOut) return "logged out";
    if (["TokenRefreshError", "ConnectionError"].includes(error.name) || error.httpStatus === 503) return "kept";
    throw error;
  }
  assert.equal(app.loggedOut, 0);
  return "logged in";
}

test("matrix-js-sdk with refresh tokens renews them by itself: a dead one at once, a live one as it runs out", async () => {
  phone = await aPhone("lea");
  assert.equal((await whoami(phone.accessToken)).body.device_id, phone.deviceId);
  const app = started(phone);

  assert.equal(await use(app), "logged in");

  assert.equal(generation(phone.deviceId), 1);
  const second = phone.accessToken;
  assert.equal((await whoami(second)).body.device_id, phone.deviceId);
  await pause(3);
  assert.equal(await use(app), "logged in");
  assert.equal(generation(phone.deviceId), 2);
  assert.equal((await whoami(second)).body.errcode, "M_UNKNOWN_TOKEN");
});

const isRefresh = (request) => request.url.endsWith("/refresh");
const losses = {
  "cut off on its way to the proxy": (act) => wire.broken(["limit_data", "downstream", { bytes: 1 }], act),
  "cut off in the middle of its body": (act) => wire.broken(["limit_data", "downstream", { bytes: 350 }], act),
  "cut off on its way to the app": async (act) => {
    front.loses = isRefresh;
    await act(process.env.PORT);
    front.loses = undefined;
  },
  "silent, until the wire is reset": (act) => wire.broken(["reset_peer", "downstream", { timeout: 300 }], act),
};
for (const [how, lose] of Object.entries(losses)) {
  test(`the reply of a refresh is ${how}: kept, then the same tokens, logged in`, async () => {
    const before = generation(phone.deviceId);
    const app = started(phone);
    await lose(async (port) => {
      front.latchkey = `http://127.0.0.1:${port}`;
      assert.equal(await use(app), "kept");
    });
    front.latchkey = process.env.LATCHKEY_URL;
    assert.equal(generation(phone.deviceId), before + 1);

    assert.equal(await use(app), "logged in");

    assert.equal(generation(phone.deviceId), before + 1);
    assert.equal((await whoami(phone.accessToken)).status, 200);
  });
}

test("a request to refresh that never arrives: kept, then logged in", async () => {
  const app = started(phone);
  front.breaks = isRefresh;
  assert.equal(await use(app), "kept");
  front.breaks = undefined;

  assert.equal(await use(app), "logged in");
});

test("m.login.sso: through the page in Chromium, back to the app, m.login.token once, a sync", async () => {
  const client = newClient({ baseUrl: front.url });
  const sso = (await client.loginFlows()).flows.find((flow) => flow.type === "m.login.sso");
  assert.equal(sso.oauth_aware_preferred, true);
  assert.equal(sso["org.matrix.msc3824.delegated_oidc_compatibility"], true);
  const context = await browser.newContext();
  const page = await newPage(context);
  const seen = [];
  page.on("request", (request) => { if (request.isNavigationRequest()) seen.push(new URL(request.url())); });
  const isApp = (url) => url.href.startsWith(webApp.url);

  await page.goto(client.getSsoLoginUrl(`${webApp.url}?room=1`, "sso", undefined, "login"));
  await typePassword(page, "lea");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.waitForURL(isApp);

  const asked = seen.find((url) => url.pathname.startsWith("/complete-compat-sso/")).searchParams;
  assert.deepEqual([asked.get("action"), asked.get("org.matrix.msc3824.action")], ["login", "login"]);
  const back = new URL(page.url());
  assert.equal(back.searchParams.get("room"), "1");
  // From another origin, as Element on the web does.
  const body = { type: "m.login.token", token: back.searchParams.get("loginToken"), initial_device_display_name: "An old web app" };
  const exchange = () => page.evaluate(async ([url, body]) => {
    const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    return { status: response.status, body: await response.json() };
  }, [`${front.url}/_matrix/client/v3/login`, body]);
  const login = await exchange();
  assert.equal(login.status, 200, JSON.stringify(login.body));
  assert.deepEqual([(await exchange()).body.errcode, (await exchange()).body.error], ["M_FORBIDDEN", "Invalid login token"]);
  const app = newClient({ baseUrl: front.url, accessToken: login.body.access_token, deviceId: login.body.device_id });
  await synced(app);
  app.stopClient();
  assert.equal(app.credentials.userId, "@lea:localhost");
  assert.equal((await app.getDevice(login.body.device_id)).display_name, "An old web app");

  // The browser stays signed in: the next one is asked on one page.
  await page.goto(client.getSsoLoginUrl(webApp.url, "sso", "any-provider", "register"));
  await page.getByRole("button", { name: "Continue" }).click();
  await page.waitForURL(isApp);
  const second = await newClient({ baseUrl: front.url }).loginRequest({ type: "m.login.token", token: new URL(page.url()).searchParams.get("loginToken") });
  assert.equal(second.user_id, "@lea:localhost");
  await context.close();
});

test("m.login.sso for a new account: the page knows, and says what can be done", async () => {
  const context = await browser.newContext();
  const page = await newPage(context);

  await page.goto(newClient({ baseUrl: front.url }).getSsoLoginUrl(webApp.url, "sso", undefined, "register"));

  const query = new URL(page.url()).searchParams;
  assert.deepEqual([query.get("kind"), query.get("action")], ["continue_compat_sso_login", "register"]);
  await context.close();
});

const ghosts = (name) => psql(`select count(*) from latchkey.users where username like '${name}'`);

test("a bridge: its ghost is registered, sends, has a device (MSC4190) and acts as it; Latchkey never hears of it", async () => {
  const ghost = await start("mautrix", "bridge", asToken, "@bridge_eve:localhost");

  assert.deepEqual([ghost.user_id, ghost.device_id], ["@bridge_eve:localhost", "GHOSTDEVICE"]);
  assert.deepEqual(ghost.read, ["from the other side"]);
  assert.deepEqual([ghost.devices, ghost.left], [["GHOSTDEVICE"], []]);
  assert.deepEqual((await start("mautrix", "log-in-as", asToken, "bridge_eve")).refused, [400, "M_APPSERVICE_LOGIN_UNSUPPORTED"]);
  assert.equal((await post("login", request("bridge_eve"))).body.errcode, "M_FORBIDDEN");
  assert.throws(() => manage("register-user", "--yes", "--ignore-password-complexity", "-p", password, "bridge_max"));
  assert.equal(ghosts("bridge%"), "0");
});

test("while Latchkey is stopped the bridge works, and an app that cannot refresh keeps its session", async () => {
  const app = started(phone);
  latchkey("stop");
  try {
    const ghost = await start("mautrix", "bridge", asToken, "@bridge_kim:localhost");
    assert.deepEqual(ghost.read, ["from the other side"]);
    assert.equal((await whoami(life.access_token)).status, 200); // Synapse knows it still
    assert.equal(await use(app), "kept");
  } finally {
    latchkey("start", { LATCHKEY_CONFIG: `${process.env.LATCHKEY_CONFIG}:${state}/extra.yaml` });
  }

  await eventually("it goes on", async () => (await use(app)) === "logged in");
  assert.equal(app.loggedOut, 0);
  assert.equal(ghosts("bridge%"), "0");
});

test("matrix-nio again, with the token it has kept: it reads what it wrote before, and goes on", async () => {
  const again = await nio("again");

  assert.deepEqual([again.user_id, again.device_id], ["@lea:localhost", life.device_id]);
  assert.deepEqual(again.said, ["first", "second"]);
});

test("a locked account: softly refused at login, its tokens come back with it", async () => {
  const { access_token } = (await post("login", request("max", { device_id: "LOCKEDAPP0" }))).body;
  manage("lock-user", "max");
  mkdirSync(`${folder}/locked`, { recursive: true });

  assert.deepEqual((await start("nio", "sign-in", `${folder}/locked`, "max", password)).refused, ["M_USER_LOCKED", true]);
  assert.deepEqual((await start("nio", "sign-in", `${folder}/locked`, "max", "wrong")).refused, ["M_FORBIDDEN", false]);
  assert.equal((await introspect(access_token)).active, false);
  assert.equal((await post("logout/all", { "io.element.only_compat_is_fine": true }, access_token)).body.errcode, "M_UNKNOWN_TOKEN");

  manage("unlock-user", "max");
  assert.equal((await introspect(access_token)).active, true);
  assert.equal((await whoami(access_token)).status, 200);
});

test("logging out everywhere ends every legacy session and no other; Synapse drops their devices", async () => {
  const native = await logIn(browser, "max");
  const apps = await Promise.all(["LEGACYONE0", "LEGACYTWO0"].map(async (device_id) => (await post("login", request("max", { device_id }))).body));

  assert.equal((await post("logout/all", {}, apps[0].access_token)).body.errcode, "M_UNRECOGNIZED");
  assert.equal((await post("logout/all", { "io.element.only_compat_is_fine": true }, apps[0].access_token)).status, 200);

  for (const app of apps) await refused(app.access_token);
  assert.deepEqual(held("max"), [native.deviceId]);
  assert.equal((await whoami(native.tokens.access_token)).status, 200);
  await eventually("Synapse drops them", async () => (await devices(native.tokens.access_token)).join() === native.deviceId);
});

test("a bridge that speaks for a person: a device it makes for them stays until all of theirs are ended", async () => {
  const asMax = async (method, path) => {
    const headers = { authorization: `Bearer ${asToken}`, "content-type": "application/json" };
    const response = await fetch(`${homeserverUrl}/_matrix/client/v3/${path}?user_id=@max:localhost`, { method, headers, body: method === "PUT" ? "{}" : undefined });
    return { status: response.status, body: await response.json() };
  };
  const listed = async () => (await asMax("GET", "devices")).body.devices.map((device) => device.device_id);
  assert.equal((await asMax("GET", "account/whoami")).body.user_id, "@max:localhost");
  assert.equal((await asMax("PUT", "devices/PUPPET")).status, 201);
  const app = (await post("login", request("max"))).body;
  await post("logout", {}, app.access_token);
  await eventually("the app's device is gone", async () => !(await listed()).includes(app.device_id));
  assert.ok((await listed()).includes("PUPPET"));

  manage("kill-sessions", "max");

  await eventually("so are all", async () => (await listed()).length === 0);
  assert.deepEqual(held("max"), []);
});

test("matrix-nio logs out: both refuse its token", async () => {
  assert.deepEqual(await nio("leave"), { read: [], whoami: "M_UNKNOWN_TOKEN", logout: "M_UNKNOWN_TOKEN" });
});

test("in the end Latchkey and Synapse know the same devices", async () => {
  const app = await aPhone("lea");

  await eventually("the same devices", async () => (await devices(app.accessToken)).sort().join() === held("lea").join());

  assert.ok(held("lea").includes(phone.deviceId));
  assert.ok(!held("lea").includes(life.device_id));
});
