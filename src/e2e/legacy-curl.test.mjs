// The old login of the Matrix client-server API by curl, through what stands in front of a deployment: every route, every refusal
// that can be met from outside, and what Synapse answers beside them.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { openFront } from "./front.mjs";
import { eventually, latchkeyUrl, logIn, manage, newPage, openBrowser, psql, redirectUri, typePassword, whoami } from "./rig.mjs";

const client = "/_matrix/client/v3";
const password = "password";
let front, browser;

before(async () => { [front, browser] = await Promise.all([openFront(), openBrowser()]); });
after(async () => {
  await browser?.close();
  front?.close();
});

// What curl was answered. A path is one of the front; `body` is sent as it is, or as JSON.
async function curl(path, { method, body, type = "application/json", bearer, headers = {} } = {}) {
  const words = ["-sS", "-g", "-i", "--max-time", "20", "-H", "Expect:", "-H", `Content-Type:${body === undefined || type === null ? "" : ` ${type}`}`];
  if (bearer) words.push("-H", `Authorization: Bearer ${bearer}`);
  for (const [name, value] of Object.entries(headers)) words.push("-H", `${name}: ${value}`);
  if (method === "HEAD") words.push("--head");
  else if (method) words.push("-X", method);
  if (body !== undefined) words.push("--data-binary", "@-");
  const running = promisify(execFile)("curl", [...words, path.startsWith("http") ? path : front.url + path], { maxBuffer: 1 << 24 });
  running.child.stdin.on("error", () => {}); // who is refused early does not read to the end
  running.child.stdin.end(typeof body === "object" ? JSON.stringify(body) : body);
  const { stdout } = await running;
  const end = stdout.indexOf("\r\n\r\n");
  const [status, ...lines] = stdout.slice(0, end).split("\r\n");
  const answer = { status: Number(status.split(" ")[1]), headers: new Headers(lines.map((line) => line.split(/: ?(.*)/s).slice(0, 2))), text: stdout.slice(end + 4) };
  if (answer.text && /json/.test(answer.headers.get("content-type"))) answer.body = JSON.parse(answer.text);
  return answer;
}
const post = (path, body, more) => curl(client + path, { method: "POST", body, ...more });
const user = (name, more) => ({ type: "m.login.password", identifier: { type: "m.id.user", user: name }, password, ...more });
const logInAs = async (name, more) => (await post("/login", user(name, more))).body;

function isOpenToOtherOrigins(answer) {
  assert.equal(answer.headers.get("access-control-allow-origin"), "*");
}
// The two members of the catalogue, and no others.
function isRefused(answer, status, errcode, error, more = {}) {
  assert.equal(answer.status, status, answer.text);
  assert.deepEqual(answer.body, { errcode, error, ...more });
  isOpenToOtherOrigins(answer);
}

for (const version of ["r0", "v1", "v3", "unstable"]) {
  test(`routes 1 to 5 below /_matrix/client/${version}: flows, login, refresh, logout, everywhere`, async () => {
    const at = (path, body, more) => curl(`/_matrix/client/${version}${path}`, { ...(body !== undefined && { method: "POST", body }), ...more });
    const flows = await at("/login");
    assert.equal(flows.status, 200);
    assert.deepEqual(flows.body.flows.map((flow) => flow.type), ["m.login.password", "m.login.sso", "m.login.token"]);
    isOpenToOtherOrigins(flows);

    const login = await at("/login", user("alice", { refresh_token: true, initial_device_display_name: "curl" }));
    assert.equal(login.status, 200);
    assert.deepEqual(Object.keys(login.body).sort(), ["access_token", "device_id", "expires_in_ms", "refresh_token", "user_id"]);
    assert.equal(login.headers.get("cache-control"), "no-store");
    isOpenToOtherOrigins(login);
    assert.equal((await whoami(login.body.access_token)).body.device_id, login.body.device_id);

    const refreshed = await at("/refresh", { refresh_token: login.body.refresh_token });
    assert.equal(refreshed.status, 200);
    assert.deepEqual(Object.keys(refreshed.body).sort(), ["access_token", "expires_in_ms", "refresh_token"]);
    isOpenToOtherOrigins(refreshed);
    assert.equal((await whoami(refreshed.body.access_token)).body.device_id, login.body.device_id);

    const logout = await at("/logout", "", { type: null, bearer: refreshed.body.access_token });
    assert.deepEqual([logout.status, logout.body], [200, {}]);
    isOpenToOtherOrigins(logout);
    await eventually("Synapse refuses it", async () => (await whoami(refreshed.body.access_token)).status === 401);

    const again = await logInAs("alice");
    const everywhere = await at("/logout/all", { "io.element.only_compat_is_fine": true }, { bearer: again.access_token });
    assert.deepEqual([everywhere.status, everywhere.body], [200, {}]);
    isOpenToOtherOrigins(everywhere);
    isRefused(await at("/logout", "", { type: null, bearer: again.access_token }), 401, "M_UNKNOWN_TOKEN", "Invalid access token");
  });
}

test("preflights of routes 1 to 5, and HEAD", async () => {
  for (const path of ["/login", "/logout", "/logout/all", "/refresh"]) {
    const answer = await curl(client + path, { method: "OPTIONS", headers: { Origin: "https://app.example.org", "Access-Control-Request-Method": "POST" } });
    assert.equal(answer.status, 200, path);
    isOpenToOtherOrigins(answer);
    assert.equal(answer.headers.get("access-control-allow-methods"), "*");
    assert.equal(answer.headers.get("access-control-allow-headers"), "authorization, accept, accept-language, content-language, content-type, x-requested-with, traceparent, tracestate");
    assert.equal(answer.headers.get("access-control-max-age"), "3600");
  }
  assert.deepEqual([(await curl(`${client}/login`, { method: "HEAD" })).status], [200]);
});

const notJson = ["M_NOT_JSON", "Body is not a valid JSON document"];
const wrongShape = ["M_BAD_JSON", "JSON fields are not valid"];
const notDeclared = ["M_NOT_JSON", "Invalid Content-Type header: expected application/json"];
const wrongPassword = ["M_FORBIDDEN", "Invalid username/password"];
const noToken = ["M_MISSING_TOKEN", "Missing access token"];
const unknownToken = ["M_UNKNOWN_TOKEN", "Invalid access token"];
const unknownRefreshToken = ["M_UNKNOWN_TOKEN", "Invalid refresh token"];
const unrecognized = ["M_UNRECOGNIZED", "Unrecognized request"];
const crossed = "mct_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA_7C7Zq2"; // well spelt, and nobody's

// path; what is sent; status, errcode, error
const refusals = [
  ["/login", { body: user("alice"), type: "text/plain" }, 400, ...notDeclared],
  ["/login", { body: "", type: "application/json" }, 400, ...notJson],
  ["/login", { body: '{"type":' }, 400, ...notJson],
  ["/login", { body: '{"type":"m.login.password"} and more' }, 400, ...notJson],
  ["/login", { body: "[]" }, 400, ...wrongShape],
  ["/login", { body: "{}" }, 400, ...wrongShape],
  ["/login", { body: { type: 7 } }, 400, ...wrongShape],
  ["/login", { body: user("alice", { identifier: { user: "alice" } }) }, 400, ...wrongShape],
  ["/login", { body: user("alice", { identifier: { type: "m.id.user" } }) }, 400, ...wrongShape],
  ["/login", { body: user("alice", { password: undefined }) }, 400, ...wrongShape],
  ["/login", { body: user("alice", { refresh_token: null }) }, 400, ...wrongShape],
  ["/login", { body: user("alice", { refresh_token: "true" }) }, 400, ...wrongShape],
  ["/login", { body: { type: "m.login.token" } }, 400, ...wrongShape],
  ["/login", { body: user("alice", { identifier: undefined }) }, 400, "M_BAD_JSON", "Missing property 'identifier"],
  ["/login", { body: { type: "m.login.dummy" } }, 400, "M_UNKNOWN", "Invalid login type"],
  ["/login", { body: { type: "m.login.application_service" } }, 400, "M_APPSERVICE_LOGIN_UNSUPPORTED", "Application services act with their own token and do not log in"],
  ["/login", { body: user("", { identifier: { type: "m.id.thirdparty", medium: "email", address: "alice@example.com" } }) }, 400, "M_UNKNOWN", "Unsupported login identifier"],
  ["/login", { body: user("", { identifier: { type: "m.id.phone", country: "GB", phone: "1" } }) }, 400, "M_UNKNOWN", "Unsupported login identifier"],
  ["/login", { body: user("alice", { device_id: "" }) }, 400, "M_INVALID_PARAM", "A device_id has between 1 and 255 characters, and no control characters"],
  ["/login", { body: user("alice", { device_id: "D".repeat(256) }) }, 400, "M_INVALID_PARAM", "A device_id has between 1 and 255 characters, and no control characters"],
  ["/login", { body: user("alice", { password: "wrong" }) }, 403, ...wrongPassword],
  ["/login", { body: user("nobody") }, 403, ...wrongPassword],
  ["/login", { body: user("@alice:elsewhere.example.com") }, 403, ...wrongPassword],
  ["/login", { body: { type: "m.login.token", token: "x".repeat(32) } }, 403, "M_FORBIDDEN", "Invalid login token"],
  ["/login", { body: `{"type": "${"x".repeat(2 * 1024 * 1024)}"}` }, 413, "M_TOO_LARGE", "Request body too large"],
  ["/login", { method: "PUT", body: user("alice") }, 405, ...unrecognized],
  ["/login/get_token", { body: {} }, 404, ...unrecognized],
  ["/login/cas/redirect?redirectUrl=https://app.example.org/", { method: "GET" }, 404, ...unrecognized],
  ["/login/", { method: "GET" }, 404, ...unrecognized],
  ["/logout", { body: "" }, 401, ...noToken],
  ["/logout", { body: "", headers: { Authorization: "Basic YTpi" } }, 401, ...noToken],
  [`/logout?access_token=${crossed}`, { body: "" }, 401, ...noToken],
  ["/logout", { body: "", bearer: crossed }, 401, ...unknownToken],
  ["/logout", { body: "", bearer: "mct_no" }, 401, ...unknownToken],
  ["/logout", { method: "GET" }, 405, ...unrecognized],
  ["/logout/everywhere", { body: "" }, 404, ...unrecognized],
  ["/logout/all", { body: {} }, 401, ...noToken],
  ["/logout/all", { body: {}, bearer: crossed }, 401, ...unknownToken],
  ["/logout/all", { body: {}, type: "text/plain", bearer: crossed }, 400, ...notDeclared],
  ["/logout/all", { body: "", bearer: crossed }, 400, ...notJson],
  ["/logout/all", { body: { "io.element.only_compat_is_fine": "yes" }, bearer: crossed }, 400, ...wrongShape],
  ["/refresh", { body: { refresh_token: "mcr_no" } }, 401, ...unknownRefreshToken],
  ["/refresh", { body: { refresh_token: crossed } }, 401, ...unknownRefreshToken],
  ["/refresh", { body: { refresh_token: "x" }, type: null }, 400, ...notDeclared],
  ["/refresh", { body: "refresh_token=x", type: "application/x-www-form-urlencoded" }, 400, ...notDeclared],
  ["/refresh", { body: "{" }, 400, ...notJson],
  ["/refresh", { body: {} }, 400, ...wrongShape],
  ["/refresh", { method: "GET" }, 405, ...unrecognized],
];
test(`the catalogue of refusals: ${refusals.length} of them, each with status, errcode, text and CORS`, async () => {
  for (const [path, sent, status, errcode, error] of refusals) {
    const answer = await curl(client + path, { method: "POST", ...sent });
    try {
      isRefused(answer, status, errcode, error);
      if (status === 405) assert.ok(answer.headers.get("allow"));
    } catch (failure) {
      throw new Error(`${path} ${JSON.stringify(sent).slice(0, 200)}`, { cause: failure });
    }
  }
});

test("refusals that depend on the account: deactivated, locked; a locked one can log out", async () => {
  const { access_token } = await logInAs("bob");
  psql("update latchkey.users set deactivated_at = now() where username = 'bob'");
  isRefused(await post("/login", user("bob")), 403, ...wrongPassword);
  psql("update latchkey.users set deactivated_at = null where username = 'bob'");
  manage("lock-user", "bob");
  try {
    isRefused(await post("/login", user("bob")), 401, "M_USER_LOCKED", "User account has been locked", { soft_logout: true });
    isRefused(await post("/login", user("bob", { password: "wrong" })), 403, ...wrongPassword);
    isRefused(await post("/logout/all", {}, { bearer: access_token }), 401, ...unknownToken);
    assert.equal((await post("/logout", "", { bearer: access_token })).status, 200);
  } finally {
    manage("unlock-user", "bob");
  }
});

test("tokens of OAuth are no tokens here, and those of here none there", async () => {
  const { tokens, clientId } = await logIn(browser, "alice");
  const legacy = await logInAs("alice", { refresh_token: true });

  isRefused(await post("/logout", "", { bearer: tokens.access_token }), 401, ...unknownToken);
  isRefused(await post("/refresh", { refresh_token: tokens.refresh_token }), 401, ...unknownRefreshToken);
  isRefused(await post("/refresh", { refresh_token: legacy.access_token }), 401, ...unknownRefreshToken);
  isRefused(await post("/logout/all", {}, { bearer: legacy.access_token }), 404, "M_UNRECOGNIZED", "The /logout/all endpoint is not supported by this deployment");
  const there = await fetch(`${latchkeyUrl}/oauth2/token`, {
    method: "POST", body: new URLSearchParams({ grant_type: "refresh_token", client_id: clientId, refresh_token: legacy.refresh_token }),
  });
  assert.deepEqual([there.status, (await there.json()).error], [400, "invalid_grant"]);
  assert.equal((await whoami(tokens.access_token)).status, 200);
  assert.equal((await whoami(legacy.access_token)).status, 200);
});

const redirect = `${client}/login/sso/redirect`;
const app = encodeURIComponent("https://app.example.org/?x=1#/home");

test("routes 6 to 9: the redirect in its three forms, the page that it leads to", async () => {
  for (const path of [redirect, `${redirect}/`, `${redirect}/any-provider`]) {
    for (const [query, action] of [["", ""], ["&action=login", "login"], ["&org.matrix.msc3824.action=register", "register"], ["&action=dance", ""]]) {
      const answer = await curl(`${path}?redirectUrl=${app}${query}`);
      assert.equal(answer.status, 303, path);
      assert.equal(answer.headers.get("access-control-allow-origin"), null);
      const there = new URL(answer.headers.get("location"));
      assert.match(there.href, new RegExp(`^${latchkeyUrl}/complete-compat-sso/[0-9A-HJKMNP-TV-Z]{26}`));
      for (const name of ["action", "org.matrix.msc3824.action"]) assert.equal(there.searchParams.get(name) ?? "", action);

      const page = await curl(there.href);
      assert.equal(page.status, 303);
      assert.equal(page.headers.get("x-frame-options"), "DENY");
      assert.equal(page.headers.get("access-control-allow-origin"), null);
      assert.match(page.headers.get("location"), action === "register" ? /\/(login|register)\?.*action=register/ : /\/login\?kind=continue_compat_sso_login&id=[0-9A-Z]{26}$/);
    }
  }
});

test("a redirect that leads to no app is a page with 400, and so is the id of no login", async () => {
  for (const target of ["", "/home", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https://eve@app.example.org/", "https:///home"]) {
    const answer = await curl(`${redirect}?redirectUrl=${encodeURIComponent(target)}`);
    assert.equal(answer.status, 400, target);
    assert.match(answer.headers.get("content-type"), /^text\/html/);
  }
  assert.equal((await curl(redirect)).status, 400);
  assert.equal((await curl(`${redirect}?redirectUrl=${encodeURIComponent("element://connect")}`)).status, 303);
  assert.equal((await curl(`${latchkeyUrl}/complete-compat-sso/nonsense`)).status, 400);
});

test("a login token that comes too late", async () => {
  const context = await browser.newContext();
  const page = await newPage(context);
  await page.route((url) => url.href.startsWith(redirectUri), (route) => route.fulfill({ contentType: "text/plain", body: "back" }));
  await page.goto(`${front.url}${redirect}?redirectUrl=${encodeURIComponent(redirectUri)}`);
  await typePassword(page, "alice");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.waitForURL((url) => url.href.startsWith(redirectUri));
  const token = new URL(page.url()).searchParams.get("loginToken");
  psql("update latchkey.compat_sso_logins set fulfilled_at = fulfilled_at - interval '31 seconds' where exchanged_at is null");

  isRefused(await post("/login", { type: "m.login.token", token }), 403, "M_FORBIDDEN", "Login token expired");

  await context.close();
});

// matrix-compat: what a legacy client asks that is not Latchkey's.
test("what Synapse answers beside it: registration, passwords and devices are not changed there", async () => {
  const { access_token: bearer, device_id } = await logInAs("alice");
  const rows = [
    ["POST", "/register", { username: "eve", password: "x", auth: { type: "m.login.dummy" } }, 403, "M_FORBIDDEN"],
    ["GET", "/register/available?username=eve", undefined, 404, "M_UNRECOGNIZED"],
    ["POST", "/account/password", { new_password: "x" }, 404, "M_UNRECOGNIZED"],
    ["POST", "/account/deactivate", {}, 404, "M_UNRECOGNIZED"],
    ["POST", "/account/3pid/add", {}, 404, "M_UNRECOGNIZED"],
    ["DELETE", `/devices/${device_id}`, {}, 404, "M_UNRECOGNIZED"],
    ["POST", "/delete_devices", { devices: [device_id] }, 404, "M_UNRECOGNIZED"],
    ["GET", "/rooms/!nowhere:localhost/state/login", undefined, 403, "M_FORBIDDEN"],
  ];
  for (const [method, path, body, status, errcode] of rows) {
    const answer = await curl(client + path, { method, body, bearer });
    assert.deepEqual([answer.status, answer.body.errcode], [status, errcode], `${method} ${path}`);
  }
  const { capabilities } = (await curl(`${client}/capabilities`, { bearer })).body;
  for (const name of ["m.change_password", "m.3pid_changes", "m.get_login_token"]) assert.equal(capabilities[name].enabled, false, name);
  const renamed = await curl(`${client}/devices/${device_id}`, { method: "PUT", body: { display_name: "renamed" }, bearer });
  assert.equal(renamed.status, 200);
});
