// openid-client (the certified relying party from npm): discovery, registration, each response mode, ID tokens checked against
// the keys, userinfo, refresh, introspection, revocation, prompt and max_age. The person is Chromium, the client listens for real.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import * as oidc from "openid-client";
import { latchkeyUrl, newPage, openBrowser, pause, typePassword } from "./rig.mjs";

const redirectUri = "http://localhost:8096/callback";
const server = new URL(latchkeyUrl);
const options = { execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks] };
const arrivals = []; // whoever waits for the next call of the redirect URI
let browser;
let listener;

before(async () => {
  listener = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      response.setHeader("Content-Type", "text/plain").end("back at the client");
      if (!request.url.startsWith("/callback")) return; // the browser asks for an icon too
      const post = request.method === "POST" ? { body: Buffer.concat(chunks) } : {};
      arrivals.shift()?.(new Request(new URL(request.url, redirectUri), { method: request.method, headers: request.headers, ...post }));
    });
  }).listen(8096, "localhost");
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  listener?.closeAllConnections();
  listener?.close();
});

const register = (more = { token_endpoint_auth_method: "client_secret_basic" }, authentication = oidc.ClientSecretBasic()) =>
  oidc.dynamicClientRegistration(server, {
    application_type: "native",
    client_name: "openid-client",
    client_uri: "https://peer.example.com/",
    redirect_uris: ["http://localhost/callback"],
    grant_types: ["authorization_code", "refresh_token"],
    ...more,
  }, authentication, options);

async function request(config, more = {}) {
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const checks = { pkceCodeVerifier, expectedState: oidc.randomState(), expectedNonce: oidc.randomNonce(), idTokenExpected: true };
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: "openid email",
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...more,
  });
  return { url, checks };
}

// Opens the request in that browser, lets the person act, and returns what the client received.
async function answerTo(context, url, act) {
  const arrived = new Promise((done, fail) => {
    arrivals.push(done);
    setTimeout(() => fail(new Error("the client was not called back within 20 s")), 20_000).unref();
  });
  arrived.catch(() => {});
  const page = await newPage(context);
  await page.goto(url.href);
  await act(page);
  const received = await arrived;
  await page.waitForURL((u) => u.href.startsWith(redirectUri));
  const shown = new URL(page.url());
  await page.close();
  return { received, shown };
}

const allow = (page) => page.getByRole("button", { name: "Allow" }).click();
const signInAndAllow = async (page) => {
  await typePassword(page, "alice");
  await allow(page);
};

async function logIn(config, more, act = signInAndAllow, context = browser) {
  const { url, checks } = await request(config, more);
  const { received } = await answerTo(context, url, act);
  return { checks, tokens: await oidc.authorizationCodeGrant(config, received, checks) };
}

test("discovers and registers", async () => {
  const config = await register();

  assert.equal(config.serverMetadata().issuer, `${latchkeyUrl}/`);
  assert.ok(config.serverMetadata().supportsPKCE());
  assert.ok(config.clientMetadata().client_secret);
});

test("query: code, ID token checked against the keys, userinfo", async () => {
  const config = await register();

  const { tokens, checks } = await logIn(config, { response_mode: "query" });

  const claims = tokens.claims();
  assert.equal(claims.iss, `${latchkeyUrl}/`);
  assert.equal(claims.nonce, checks.expectedNonce);
  assert.equal(claims.aud, config.clientMetadata().client_id);
  const info = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
  assert.equal(info.username, "alice");
});

test("fragment: the answer stays in the browser, and a script there hands it on", async () => {
  const config = await register({ token_endpoint_auth_method: "none" }, oidc.None());
  const { url, checks } = await request(config, { response_mode: "fragment" });

  const { received, shown } = await answerTo(browser, url, signInAndAllow);

  assert.equal(new URL(received.url).search, "");
  const current = new URL(shown);
  current.search = current.hash.slice(1);
  current.hash = "";
  const tokens = await oidc.authorizationCodeGrant(config, current, checks);
  assert.equal(tokens.claims().nonce, checks.expectedNonce);
});

test("form_post: the answer comes in the body of a POST, and in no address", async () => {
  const config = await register({ token_endpoint_auth_method: "client_secret_post" }, oidc.ClientSecretPost());
  const { url, checks } = await request(config, { response_mode: "form_post" });

  const { received, shown } = await answerTo(browser, url, signInAndAllow);

  assert.equal(received.method, "POST");
  assert.equal(shown.href, redirectUri);
  const tokens = await oidc.authorizationCodeGrant(config, received, checks);
  assert.equal(tokens.claims().nonce, checks.expectedNonce);
});

test("a refusal reaches the client as an error it understands", async () => {
  const config = await register();
  const { url, checks } = await request(config);

  const { received } = await answerTo(browser, url, async (page) => {
    await typePassword(page, "alice");
    await page.getByText("Not now").click();
  });

  await assert.rejects(oidc.authorizationCodeGrant(config, received, checks), { error: "access_denied" });
});

test("refreshes, introspects, revokes", async () => {
  const config = await register();
  const { tokens } = await logIn(config);

  const fresh = await oidc.refreshTokenGrant(config, tokens.refresh_token);
  assert.notEqual(fresh.refresh_token, tokens.refresh_token);
  const active = await oidc.tokenIntrospection(config, fresh.access_token);
  assert.equal(active.active, true);
  assert.equal(active.sub, tokens.claims().sub);
  assert.equal(active.client_id, config.clientMetadata().client_id);

  await oidc.tokenRevocation(config, fresh.refresh_token);

  assert.deepEqual(await oidc.tokenIntrospection(config, fresh.access_token), { active: false });
  await assert.rejects(oidc.refreshTokenGrant(config, fresh.refresh_token), { error: "invalid_grant" });
});

test("prompt=none shows no page: a stranger has to sign in, and a program on the person's own machine has to be allowed each time", async () => {
  const config = await register();
  const context = await browser.newContext();
  await logIn(config, {}, signInAndAllow, context);

  for (const [where, error] of [[context, "consent_required"], [browser, "login_required"]]) {
    const { url, checks } = await request(config, { prompt: "none" });
    const { received } = await answerTo(where, url, () => {});
    await assert.rejects(oidc.authorizationCodeGrant(config, received, checks), { error });
  }
  await context.close();
});

test("prompt=login and max_age ask for the password again, and auth_time tells", async () => {
  const config = await register();
  const context = await browser.newContext();
  const first = await logIn(config, { max_age: "1000" }, signInAndAllow, context);
  const claims = first.tokens.claims();
  assert.ok(claims.auth_time > 0);
  await pause(1.1); // auth_time has whole seconds

  const again = async (page) => {
    assert.equal(await page.locator("input[name=password]").count(), 1, "no password was asked for at " + page.url());
    await page.fill("input[name=password]", "password");
    if (await page.locator("input[name=username]").isEditable()) await page.fill("input[name=username]", "alice");
    await page.click("main form button[type=submit]");
    await allow(page);
  };
  const prompted = await logIn(config, { prompt: "login" }, again, context);
  assert.ok(prompted.tokens.claims().auth_time > claims.auth_time);
  await pause(1.1);

  const { url, checks } = await request(config, { max_age: "1" });
  const { received } = await answerTo(context, url, again);
  const aged = await oidc.authorizationCodeGrant(config, received, { ...checks, maxAge: 1 });
  assert.ok(aged.claims().auth_time > prompted.tokens.claims().auth_time);
  await context.close();
});
