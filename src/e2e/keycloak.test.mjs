// Signing in through a real Keycloak with the recipe of docs/organisations/keycloak.md: in Chromium, for matrix-js-sdk, into a real
// Synapse. Clocks differ (that of PostgreSQL, which Latchkey goes by, is moved: libfaketime), keys and secrets change, Keycloak stands
// still; whoever signs out here is signed out there; and whoever is signed out or disabled there is out of Matrix.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

// A rig of its own: nothing that has seen the future is of use to another suite.
const ports = { PORT: 8480, TLS_PORT: 8481, WIRE_PORT: 8482, TOXIPROXY_PORT: 8483, SECOND_PORT: 8484, SYNAPSE_PORT: 8488, PG_PORT: 5448, PGBOUNCER_PORT: 6448, KEYCLOAK_PORT: 8489 };
const state = join(process.env.E2E_STATE, "keycloak-rig");
Object.assign(process.env, Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])), {
  E2E_STATE: state, LATCHKEY_URL: `http://localhost:${ports.PORT}`, HOMESERVER_URL: `http://127.0.0.1:${ports.SYNAPSE_PORT}`,
  AUTH_URL: `http://127.0.0.1:${ports.PORT}/`, NAME: "e2e-keycloak", LATCHKEY_CONFIG: `${state}/generated.yaml:${state}/e2e.yaml`,
});
const { devices, eventually, introspect, latchkeyUrl, logIn, newPage, openBrowser, pause, psql, restart, whoami } = await import("./rig.mjs");
const { goThere, keepSecret, log, profile, readAgain, recipe, secretFile, trustProvider, visit, whenBack } = await import("./upstream.mjs");

const { E2E_HERE } = process.env;
const library = execFileSync("dpkg", ["-L", "libfaketime"], { encoding: "utf8" }).split("\n").find((file) => file.endsWith("libfaketime.so.1"));
const clock = mkdtempSync(join(tmpdir(), "latchkey-clock-")); // PostgreSQL runs as another user
const rig = (verb, env = {}) => execFileSync("bash", [`${E2E_HERE}/rig.sh`, verb], { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
const keycloak = (verb, env = {}) => execFileSync("bash", [`${E2E_HERE}/keycloak.sh`, verb], { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
const keycloakUrl = `https://localhost:${ports.KEYCLOAK_PORT}`;
const keycloakPid = () => Number(readFileSync(`${state}/keycloak/pid`, "utf8"));
const secret = "keycloak and its secret: 100%";
let ours;
let browser;

// PostgreSQL, and with it Latchkey, is so many seconds ahead of Keycloak and all others.
async function setClock(ahead) {
  writeFileSync(join(clock, "time"), `${ahead < 0 ? "" : "+"}${ahead}\n`);
  const difference = Number(psql("select extract(epoch from clock_timestamp())")) - Date.now() / 1000;
  assert.ok(Math.abs(difference - ahead) < 5, `PostgreSQL is ${difference} s ahead`);
  await pause(1.6); // Latchkey looks once a second
}

async function admin(method, path, body) {
  const form = { grant_type: "password", client_id: "admin-cli", username: "admin", password: "admin" };
  const { access_token } = await (await fetch(`${keycloakUrl}/realms/master/protocol/openid-connect/token`, { method: "POST", body: new URLSearchParams(form) })).json();
  const headers = { Authorization: `Bearer ${access_token}`, "Content-Type": "application/json" };
  const response = await fetch(`${keycloakUrl}/admin/realms/example${path}`, { method, headers, body: body && JSON.stringify(body) });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
  return text && JSON.parse(text);
}
const idOf = async (user) => (await admin("GET", `/users?exact=true&username=${user}`))[0].id;
const hire = (user, firstName) =>
  admin("POST", "/users", {
    username: user, firstName, lastName: "Jones", email: `${user}@example.com`, emailVerified: true, enabled: true,
    credentials: [{ type: "password", value: `${user} has a password`, temporary: false }],
  });

async function signInThere(page, user) {
  await goThere(page);
  await page.fill("#username", user);
  await page.fill("#password", `${user} has a password`);
  await page.click("#kc-login");
}
const asCarol = (page) => signInThere(page, "carol");
const logInAs = (user) => logIn(browser, user, "query", { prove: signInThere });
const links = () => psql("select count(*) from latchkey.upstream_links");
const sessionsOf = (user) =>
  psql(`select device_id from latchkey.oauth_sessions s join latchkey.users u on u.id = s.user_id where finished_at is null and username = '${user}'`).split("\n").filter(Boolean);
const isOut = async (tokens) => (await whoami(tokens.access_token)).status === 401;

before(async () => {
  mkdirSync(state, { recursive: true });
  chmodSync(clock, 0o755);
  writeFileSync(join(clock, "time"), "-300\n");
  rig("reset");
  rig("start", { PG_ENVIRONMENT: `LD_PRELOAD=${library} FAKETIME_TIMESTAMP_FILE=${clock}/time FAKETIME_NO_CACHE=1 FAKETIME_DONT_RESET=1 DONT_FAKE_MONOTONIC=1` });
  const id = { "https://id.example.com": keycloakUrl };
  writeFileSync(`${state}/realm.json`, recipe("keycloak", "realm.json", {}));
  keycloak("start", { REALM: `${state}/realm.json`, LATCHKEY_CLIENT_SECRET: secret });
  trustProvider();
  keepSecret("keycloak", secret);
  ours = recipe("keycloak", "latchkey.yaml", { ...id, "/etc/latchkey/keycloak-secret": secretFile("keycloak") });
  restart(ours);
  await hire("carol", "Carol");
  await hire("erin", "Erin");
  await hire("frank", "Frank");
  browser = await openBrowser(["--ignore-certificate-errors"]);
});
after(async () => {
  await browser?.close();
  keycloak("stop");
  copyFileSync(`${state}/latchkey.log`, join(state, "../latchkey.log")); // `run` shows its end if something failed
  rig("reset");
  rmSync(clock, { recursive: true, force: true });
});

test("a Keycloak five minutes ahead is not believed, and the log says that it is the clock", async () => {
  const refused = await visit(browser, asCarol);

  assert.ok(refused.status >= 500, `${refused.status} ${refused.text}`);
  assert.match(log(), /Example Ltd.*(iat|clock|future|not yet)/i);
  assert.equal(psql("select count(*) from latchkey.users where username = 'carol'"), "0");
});

test("two minutes ahead it is: the first sign-in makes the account, here and in Synapse, and asks nothing", async () => {
  await setClock(-118);

  const { client, deviceId } = await logInAs("carol");

  const me = await client.whoami();
  assert.deepEqual([me.user_id, me.device_id], ["@carol:localhost", deviceId]);
  await eventually("Synapse has the name", async () => (await profile("carol")).displayname === "Carol Jones");
  assert.equal(psql("select email from latchkey.user_emails e join latchkey.users u on u.id = e.user_id where username = 'carol'"), "carol@example.com");
  assert.equal(links(), "1");
});

test("the second sign-in is the same person, by a new name if they have one there", async () => {
  await setClock(0);
  await admin("PUT", `/users/${await idOf("carol")}`, { firstName: "Caroline", lastName: "Jones", email: "carol@example.com" });

  const { client } = await logInAs("carol");

  assert.equal((await client.whoami()).user_id, "@carol:localhost");
  assert.equal(links(), "1");
  await eventually("Synapse has the new name", async () => (await profile("carol")).displayname === "Caroline Jones");
});

test("its keys are others between two sign-ins", async () => {
  const used = async () => (await admin("GET", "/keys")).active.RS256;
  const old = await used();
  const { id: realm } = await admin("GET", "");
  await admin("POST", "/components", { name: "new", providerId: "rsa-generated", providerType: "org.keycloak.keys.KeyProvider", parentId: realm, config: { priority: ["1000"], algorithm: ["RS256"] } });
  const [{ id }] = (await admin("GET", "/components?type=org.keycloak.keys.KeyProvider")).filter((each) => each.name === "rsa-generated");
  await admin("DELETE", `/components/${id}`);
  assert.notEqual(await used(), old);

  const { client } = await logInAs("carol");

  assert.equal((await client.whoami()).user_id, "@carol:localhost");
});

test("another secret there: the person reads whom to ask, the log says what is wrong and no secret; with the secret changed here and SIGHUP it works", async () => {
  const { tokens } = await logInAs("carol");
  const [{ id }] = await admin("GET", "/clients?clientId=latchkey");
  const { value } = await admin("POST", `/clients/${id}/client-secret`);
  const before = log().length;

  const refused = await visit(browser, asCarol);

  assert.ok(refused.status >= 500, `${refused.status}`);
  assert.match(refused.text, /Example Ltd/);
  await eventually("the log tells", async () => /Example Ltd.*(invalid|unauthorized)_client/.test(log().slice(before)));
  keepSecret("keycloak", value);
  await readAgain();
  const { client } = await logInAs("carol");
  assert.equal((await client.whoami()).user_id, "@carol:localhost");
  assert.equal((await whoami(tokens.access_token)).status, 200, "nobody was signed out for it");
  assert.ok(!log().includes(secret) && !log().includes(value), "no secret in the log");
});

test("standing still while a person is on the way back: told within its deadline, and nobody else waits; once it goes on, all is well", async () => {
  const begin = Date.now();
  let refused;
  try {
    const answer = visit(browser, asCarol, { before: whenBack(() => process.kill(keycloakPid(), "SIGSTOP")) });
    refused = await answer;
    const asked = Date.now();
    assert.equal((await fetch(`${latchkeyUrl}/login`)).status, 200);
    assert.ok(Date.now() - asked < 2000, "the sign-in page does not wait");
  } finally {
    process.kill(keycloakPid(), "SIGCONT");
  }

  assert.equal(refused.status, 503);
  assert.match(refused.text, /Example Ltd/);
  assert.ok(Date.now() - begin < 25_000, `took ${Date.now() - begin} ms`);
  await pause(3); // it is not asked at each click
  await logInAs("carol");
});

test("an admin ends the session there: out of Matrix at once, by back-channel logout", async () => {
  const witness = await logInAs("erin");
  const { tokens, deviceId } = await logInAs("carol");
  assert.equal((await whoami(tokens.access_token)).body.device_id, deviceId);
  const [{ id: client }] = await admin("GET", "/clients?clientId=latchkey");
  const sessions = await admin("GET", `/users/${await idOf("carol")}/offline-sessions/${client}`);
  assert.ok(sessions.length > 0);

  for (const { id } of sessions) await admin("DELETE", `/sessions/${id}?isOffline=true`);

  await eventually("Synapse refuses the token", () => isOut(tokens));
  assert.equal((await introspect(tokens.access_token)).active, false);
  assert.equal((await introspect(witness.tokens.access_token)).active, true);
});

// One cookie jar: what the person opens next, they open in the same browser.
const desk = () => browser.newContext();
async function inPage(context, visitIt) {
  const page = await newPage(context);
  const answer = await visitIt(page);
  await page.close();
  return answer;
}
// Whether carol is signed in here in this browser.
const isSignedIn = (context) => inPage(context, async (page) => {
  await page.goto(`${latchkeyUrl}/account/`);
  return /carol/.test(await page.locator("main").innerText());
});
// Whether somebody who is signed out here comes back from there without being asked for a password.
const isKnownThere = (context) => inPage(context, async (page) => {
  await page.goto(`${latchkeyUrl}/login`);
  await goThere(page);
  const asked = page.waitForSelector("#password").then(() => false, () => {});
  const back = page.waitForURL((url) => url.href.startsWith(latchkeyUrl) && !url.pathname.endsWith("/login")).then(() => true, () => {});
  return Promise.race([asked, back]);
});
const signOut = (context) => inPage(context, async (page) => {
  const asked = [];
  page.on("request", (request) => request.isNavigationRequest() && asked.push(new URL(request.url())));
  await page.goto(`${latchkeyUrl}/`);
  await page.click("form[action$='/logout'] button");
  await page.waitForURL((url) => url.href.startsWith(`${latchkeyUrl}/login`));
  assert.ok(await page.locator("a[href*='/upstream/authorize/']").isVisible());
  return asked.map((url) => ({ place: url.origin + url.pathname, query: Object.fromEntries(url.searchParams) }));
});
const claimsOf = (jwt) => JSON.parse(Buffer.from(jwt.split(".")[1], "base64url"));

test("with offline_access Keycloak keeps no session for a browser that came for us alone; one it had, signing out here leaves there, or ends there too with latchkey.upstream.logout", async (t) => {
  const carol = await idOf("carol");
  const sessions = () => admin("GET", `/users/${carol}/sessions`);
  await admin("POST", `/users/${carol}/logout`);
  await pause(1.1); // it counts in seconds
  await logInAs("carol");
  assert.deepEqual(await sessions(), []);
  const context = await desk();
  await inPage(context, async (page) => { // for something else there, as people do in the morning
    await page.goto(`${keycloakUrl}/realms/example/account`);
    await page.fill("#username", "carol");
    await page.fill("#password", "carol has a password");
    await page.click("#kc-login");
    await page.waitForURL((url) => url.pathname.startsWith("/realms/example/account"));
  });
  await logIn(context, "carol", "query", { prove: goThere });
  assert.ok(!(await signOut(context)).some(({ place }) => place.startsWith(keycloakUrl)));
  assert.ok(!(await isSignedIn(context)));
  assert.ok(await isKnownThere(context));
  assert.ok(await isSignedIn(context));

  restart(ours.replace("\n  upstream:\n", "\n  upstream:\n    logout: true\n"));
  const { tokens } = await logIn(context, "carol", "query", { prove: async () => {} });
  assert.equal((await sessions()).length, 1);
  const begin = performance.now();
  const way = await signOut(context);

  t.diagnostic(`out, there and back, in ${((performance.now() - begin) / 1000).toFixed(1)} s`);
  const there = way.filter(({ place }) => place === `${keycloakUrl}/realms/example/protocol/openid-connect/logout`);
  assert.equal(there.length, 1, JSON.stringify(way.map(({ place }) => place)));
  const { id_token_hint: hint, client_id, post_logout_redirect_uri } = there[0].query;
  assert.deepEqual([claimsOf(hint).sub, client_id, post_logout_redirect_uri], [carol, "latchkey", `${latchkeyUrl}/logout`]);
  assert.ok(way.some(({ place }) => place === `${latchkeyUrl}/logout`), "came back");
  assert.deepEqual(await sessions(), []);
  await eventually("Keycloak told us in turn, and by logout_all what apps began with that session ended", () => isOut(tokens), 5);
  assert.ok(!log().includes(hint), "no ID token in the log");
  assert.ok(!(await isSignedIn(context)));
  assert.ok(!(await isKnownThere(context)), "Keycloak asks for the password");
  await context.close();
  restart(ours);
});

test("without offline_access the session there is the one here: logged out there, what on_backchannel_logout says ends at once", async (t) => {
  const plain = ours.replace(" offline_access", "").replace(/\n    revalidate: .*/, ""); // nothing but the message
  restart(plain);
  for (const [words, ends] of [["do_nothing", []], ["logout_browser_only", ["browser"]], ["logout_all", ["browser", "Matrix"]]]) {
    await readAgain(plain.replace("logout_all", words));
    await pause(1.1); // Keycloak counts in seconds
    const context = await desk();
    const { tokens } = await logIn(context, "carol", "query", { prove: signInThere });
    assert.equal((await whoami(tokens.access_token)).status, 200);
    assert.ok(await isSignedIn(context));
    const before = log().length;
    const begin = performance.now();

    await admin("POST", `/users/${await idOf("carol")}/logout`);

    await eventually("the message came", async () => /somebody signed out there/.test(log().slice(before)), 5);
    if (ends.includes("Matrix")) await eventually("Synapse refuses the token", () => isOut(tokens), 5);
    t.diagnostic(`${words}: ${ends.join(" and ") || "nothing"} ended within ${((performance.now() - begin) / 1000).toFixed(1)} s`);
    assert.equal((await whoami(tokens.access_token)).status, ends.includes("Matrix") ? 401 : 200);
    assert.equal(await isSignedIn(context), !ends.includes("browser"));
    await context.close();
  }
  restart(ours);
});

test("disabled or logged out there: out of Matrix within five minutes of moved time without any message; while Keycloak is away nobody is", async () => {
  await setClock(118); // a Keycloak two minutes behind is believed as well
  await admin("PUT", "", { accessTokenLifespan: 1800 }); // an ID token is to outlive what is done to the clock here
  const erin = await logInAs("erin");
  const frank = await logInAs("frank");
  const witness = await logInAs("carol");
  assert.ok((await devices(erin.tokens.access_token)).includes(erin.deviceId));
  process.kill(keycloakPid(), "SIGSTOP");
  try {
    await setClock(118 + 130);
    await pause(12); // longer than the deadline of the question
    assert.equal((await introspect(erin.tokens.access_token)).active, true);
  } finally {
    process.kill(keycloakPid(), "SIGCONT");
  }
  await admin("PUT", `/users/${await idOf("erin")}`, { enabled: false, email: "erin@example.com", firstName: "Erin", lastName: "Jones" });
  await admin("POST", `/users/${await idOf("frank")}/logout`);

  await setClock(118 + 130 + 170);

  await eventually("Synapse refuses the token of who is disabled", () => isOut(erin.tokens), 60);
  await eventually("Synapse refuses the token of who was logged out", () => isOut(frank.tokens), 60);
  assert.deepEqual([sessionsOf("erin"), sessionsOf("frank")], [[], []]);
  assert.ok(sessionsOf("carol").includes(witness.deviceId));

  await admin("POST", "/logout-all"); // Keycloak sends no message for it
  await setClock(118 + 130 + 170 + 150);

  await eventually("Synapse refuses the token of who was logged out with everybody", () => isOut(witness.tokens), 60);
});
