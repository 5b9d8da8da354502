// A homeserver or a database that goes away, in the middle of things.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { authorize, eventually, latchkey, latchkeyUrl, logIn, openBrowser, postgres, redirectUri, synapse, token, whoami } from "./rig.mjs";

let browser;
before(async () => { browser = await openBrowser(); });
after(async () => { await browser?.close(); });

// A connection kept from before a restart is dead; the second try is on a new one.
const ask = (path) => fetch(`${latchkeyUrl}/${path}`, { redirect: "manual" });
const health = async (path) => (await ask(path).catch(() => ask(path))).status;

test("a Synapse stopped during the exchange: 503, and the code stays good", async () => {
  const { oauth, clientId, answer } = await authorize(browser, "alice");
  synapse("stop");

  const refused = await token({
    grant_type: "authorization_code", client_id: clientId, code: answer.get("code"), redirect_uri: redirectUri, code_verifier: oauth.context.codeVerifier,
  });
  const body = await refused.json();
  synapse("start");

  assert.equal(refused.status, 503);
  assert.ok(refused.headers.get("retry-after"));
  assert.equal(body.error, "temporarily_unavailable");
  assert.equal(body.errcode, undefined);
  const tokens = await oauth.completeAuthorizationCodeGrant(answer.get("code"), redirectUri);
  assert.equal((await whoami(tokens.access_token)).status, 200);
});

test("a PostgreSQL that stops: known tokens live on, nothing exits, and it recovers by itself", async () => {
  const { tokens, clientId } = await logIn(browser, "alice");
  assert.equal((await whoami(tokens.access_token)).status, 200);
  postgres("stop");
  await eventually("Latchkey notices", async () => (await health("health/ready")) === 503);

  assert.equal(await health("health"), 200);
  assert.equal((await whoami(tokens.access_token)).status, 200);
  const form = { grant_type: "refresh_token", client_id: clientId, refresh_token: tokens.refresh_token };
  const refused = await token(form);
  assert.equal(refused.status, 503);
  assert.equal((await refused.json()).error, "temporarily_unavailable");
  assert.equal(await health(".well-known/openid-configuration"), 200);
  postgres("start");
  await eventually("Latchkey is ready again", async () => (await health("health/ready")) === 200);

  assert.equal((await token(form)).status, 200);
});

test("a Latchkey started before its PostgreSQL waits for it", async () => {
  latchkey("stop");
  postgres("stop");
  latchkey("start", { WAIT_FOR: "health" });

  assert.equal(await health("health/ready"), 503);
  assert.equal(await health(".well-known/openid-configuration"), 200);
  assert.equal(await health("login"), 503);
  postgres("start");

  await eventually("Latchkey is ready", async () => (await health("health/ready")) === 200);
});

test("a kill -9 loses nobody: the tokens work after the restart", async () => {
  const { tokens, clientId } = await logIn(browser, "bob");
  latchkey("kill");
  latchkey("start");

  assert.equal((await whoami(tokens.access_token)).status, 200);
  const refreshed = await token({ grant_type: "refresh_token", client_id: clientId, refresh_token: tokens.refresh_token });
  assert.equal(refreshed.status, 200);
});
