// What every real-peer test stands on: the peers of `run`, a browser that signs in, and matrix-js-sdk.
import { execFile, execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { ClientEvent, OAuth2, createClient } from "matrix-js-sdk";
import { logger as root } from "matrix-js-sdk/lib/logger.js";
import { chromium } from "playwright-core";

const need = (name) => process.env[name] ?? (() => { throw new Error(name + " is not set; start the suite with src/e2e/run"); })();

export const latchkeyUrl = need("LATCHKEY_URL");
export const homeserverUrl = need("HOMESERVER_URL");
export const redirectUri = "http://localhost:8095/callback";
const here = need("E2E_HERE");

root.setLevel("silent");
const nothing = () => {};
const logger = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing, getChild: () => logger };
export const newClient = (options = {}) => createClient({ baseUrl: homeserverUrl, logger, ...options });

const script = (name, verb, env = {}) =>
  execFileSync("bash", [`${here}/${name}.sh`, verb], { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
export const synapse = (verb, env = {}) => script("synapse", verb, { PORT: need("SYNAPSE_PORT"), ...env });
export const postgres = (verb, env) => script("postgres", verb, env);
export const latchkey = (verb, env) => script("latchkey", verb, env);
export const pgbouncer = (verb) => script("pgbouncer", verb);
const psqlWords = (sql, database) => ["-h", "127.0.0.1", "-p", need("PG_PORT"), "-U", "postgres", "-XAtqc", sql, database];
export const psql = (sql, database = "latchkey") => execFileSync("psql", psqlWords(sql, database)).toString().trim();
// The same, with everything else going on meanwhile.
export const psqlLater = async (sql, database = "latchkey") => (await promisify(execFile)("psql", psqlWords(sql, database))).stdout.trim();

// The rig's Latchkey begins anew with this on top of its configuration.
let configuration = need("LATCHKEY_CONFIG");
export function restart(yaml = "") {
  const file = `${need("E2E_STATE")}/extra.yaml`;
  writeFileSync(file, yaml);
  configuration = need("LATCHKEY_CONFIG") + (yaml && `:${file}`);
  latchkey("stop");
  latchkey("start", { LATCHKEY_CONFIG: configuration });
}
export const manage = (...words) =>
  execFileSync(need("LATCHKEY"), ["manage", ...words], { env: { ...process.env, LATCHKEY_CONFIG: configuration }, stdio: "pipe" });

export const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

export async function eventually(what, check, seconds = 20) {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    const result = await check().catch(() => undefined);
    if (result) return result;
    if (Date.now() > until) throw new Error("not within " + seconds + " s: " + what);
    await pause(0.2);
  }
}

export const openBrowser = (args = []) =>
  chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", ...args],
  });

// A page that does not wait long for what is not there.
export async function newPage(context) {
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  return page;
}

// Types name and password into the sign-in page that is open.
export async function typePassword(page, user, password = "password") {
  await page.fill("input[name=username]", user);
  await page.fill("input[name=password]", password);
  await page.click("main form button[type=submit]");
}

// What comes after the password.
export async function allow(page) {
  await page.waitForURL((u) => !u.pathname.endsWith("/login"));
  // Whoever had a session stolen is told so first.
  if (new URL(page.url()).pathname.endsWith("/notices")) await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Allow" }).click();
}

// A person: signs in, allows, comes back with the answer in query or fragment.
export async function signIn(browser, url, user, password = "password", prove = typePassword) {
  const page = await newPage(browser);
  const isCallback = (u) => u.href.startsWith(redirectUri);
  await page.route(isCallback, (route) => route.fulfill({ contentType: "text/plain", body: "back at the client" }));
  await page.goto(url);
  await prove(page, user, password);
  await allow(page);
  await page.waitForURL(isCallback, { timeout: 20_000 });
  const back = new URL(page.url());
  await page.close();
  return new URLSearchParams(back.hash.length > 1 ? back.hash.slice(1) : back.search);
}

// matrix-js-sdk up to the moment where it holds a code.
export async function authorize(browser, user, mode = "fragment", { baseUrl = homeserverUrl, password, prove, more = "" } = {}) {
  const metadata = await newClient({ baseUrl }).getAuthMetadata();
  const clientId = await OAuth2.registerClient(metadata, {
    application_type: "native",
    client_name: "Real peer",
    client_uri: "https://peer.example.com/",
    redirect_uris: ["http://localhost/callback"],
  }, logger);
  const oauth = new OAuth2(metadata, { clientId }, logger);
  const state = crypto.randomUUID();
  const scope = more && `urn:matrix:client:api:* urn:matrix:client:device:${oauth.context.deviceId} ${more}`;
  const url = await oauth.generateAuthorizationCodeGrantUrl(state, redirectUri, mode, undefined, scope || undefined);
  const answer = await signIn(browser, url, user, password, prove);
  if (answer.get("state") !== state) throw new Error("the state came back changed");
  return { metadata, clientId, oauth, answer, deviceId: oauth.context.deviceId };
}

export async function logIn(browser, user, mode, { baseUrl = homeserverUrl, password, prove, more } = {}) {
  const login = await authorize(browser, user, mode, { baseUrl, password, prove, more });
  if (login.answer.get("error")) throw new Error(login.answer.get("error"));
  const tokens = await login.oauth.completeAuthorizationCodeGrant(login.answer.get("code"), redirectUri);
  const session = { deviceId: login.deviceId, oauthClientId: login.clientId };
  const client = newClient({ baseUrl, ...session, accessToken: tokens.access_token, refreshToken: tokens.refresh_token });
  return { ...login, tokens, session, client };
}

// The first sync of a client that is logged in.
export async function synced(client) {
  const prepared = new Promise((done) => client.on(ClientEvent.Sync, (state) => { if (state === "PREPARED") done(state); }));
  client.credentials.userId = (await client.whoami()).user_id;
  await client.startClient({ initialSyncLimit: 10 });
  await prepared;
}

export const token = (form, headers = {}) => fetch(`${latchkeyUrl}/oauth2/token`, { method: "POST", body: new URLSearchParams(form), headers });
export const introspect = async (token) => {
  const response = await fetch(`${latchkeyUrl}/oauth2/introspect`, {
    method: "POST", body: new URLSearchParams({ token }), headers: { Authorization: `Bearer ${need("AUTH_SECRET")}` },
  });
  if (response.status !== 200) throw new Error(`introspection answered ${response.status}`);
  return response.json();
};
export const whoami = async (accessToken, baseUrl = homeserverUrl) => {
  const response = await fetch(`${baseUrl}/_matrix/client/v3/account/whoami`, { headers: { Authorization: `Bearer ${accessToken}` } });
  return { status: response.status, body: await response.json() };
};
export const devices = async (accessToken) => {
  const response = await fetch(`${homeserverUrl}/_matrix/client/v3/devices`, { headers: { Authorization: `Bearer ${accessToken}` } });
  return (await response.json()).devices?.map((device) => device.device_id);
};
