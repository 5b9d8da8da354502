// A native OIDC login of matrix-js-sdk against a real Synapse, and what happens to its tokens.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { EventType, MsgType } from "matrix-js-sdk";
import { devices, eventually, latchkeyUrl, logIn, newClient, openBrowser, pause, synced, token, whoami } from "./rig.mjs";

let browser;
before(async () => { browser = await openBrowser(); });
after(async () => { await browser?.close(); });

for (const mode of ["fragment", "query"]) {
  test(`matrix-js-sdk discovers, registers, logs in and is known to Synapse (${mode})`, async () => {
    const { client, deviceId, tokens, metadata } = await logIn(browser, "alice", mode);

    assert.equal(metadata.issuer, `${latchkeyUrl}/`);
    assert.equal(tokens.expires_in, 300);
    const me = await client.whoami();
    assert.equal(me.user_id, "@alice:localhost");
    assert.equal(me.device_id, deviceId);
  });
}

test("a message sent in one session is read in another", async () => {
  const alice = await logIn(browser, "alice");
  const bob = await logIn(browser, "bob");
  alice.client.credentials.userId = "@alice:localhost";
  const { room_id } = await alice.client.createRoom({ invite: ["@bob:localhost"], preset: "private_chat" });
  await bob.client.joinRoom(room_id);

  await alice.client.sendEvent(room_id, EventType.RoomMessage, { msgtype: MsgType.Text, body: "good evening" });

  await synced(bob.client);
  const bodies = bob.client.getRoom(room_id).getLiveTimeline().getEvents().map((event) => event.getContent().body);
  bob.client.stopClient();
  assert.ok(bodies.includes("good evening"), JSON.stringify(bodies));
});

test("the SDK refreshes a dead access token by itself", async () => {
  const { session, tokens } = await logIn(browser, "alice");
  const fresh = {};
  const client = newClient({ ...session, accessToken: "mat_dead", refreshToken: tokens.refresh_token, onTokenRefresh: (t) => Object.assign(fresh, t) });

  const me = await client.whoami();

  assert.equal(me.user_id, "@alice:localhost");
  assert.ok(fresh.refreshToken && fresh.refreshToken !== tokens.refresh_token);
});

test("a refresh whose answer was lost is answered again, to the byte", async () => {
  const { clientId, tokens } = await logIn(browser, "alice");
  const form = { grant_type: "refresh_token", client_id: clientId, refresh_token: tokens.refresh_token };
  const lost = await (await token(form)).json();

  const again = await (await token(form)).json();

  assert.equal(again.refresh_token, lost.refresh_token);
  assert.equal(again.access_token, lost.access_token);
  assert.equal((await whoami(again.access_token)).status, 200);
});

test("a stolen refresh token ends the session, and Synapse drops the device", async () => {
  const witness = await logIn(browser, "bob");
  const { clientId, deviceId, tokens } = await logIn(browser, "bob");
  const form = (refresh_token) => ({ grant_type: "refresh_token", client_id: clientId, refresh_token });
  const second = await (await token(form(tokens.refresh_token))).json();
  assert.equal((await whoami(second.access_token)).status, 200);
  assert.ok((await devices(witness.tokens.access_token)).includes(deviceId));
  await pause(4); // leeway and settling are two seconds in this suite, a use is written down within one

  const replay = await token(form(tokens.refresh_token));

  assert.equal(replay.status, 400);
  assert.deepEqual((await replay.json()).error, "invalid_grant");
  assert.equal((await token(form(second.refresh_token))).status, 400);
  await eventually("the device is gone from Synapse", async () => !(await devices(witness.tokens.access_token)).includes(deviceId));
  assert.equal((await whoami(second.access_token)).body.errcode, "M_UNKNOWN_TOKEN");
});

test("logging out revokes both tokens at once; Synapse refuses the token and drops the device", async () => {
  const witness = await logIn(browser, "alice");
  const { client, deviceId, tokens } = await logIn(browser, "alice");
  assert.equal((await client.whoami()).device_id, deviceId);

  await client.logout(true);

  await eventually("the device is gone from Synapse", async () => !(await devices(witness.tokens.access_token)).includes(deviceId));
  assert.equal((await whoami(tokens.access_token)).body.errcode, "M_UNKNOWN_TOKEN");
});

test("auth_metadata is served here too, for proxies to route to", async () => {
  const own = await (await fetch(`${latchkeyUrl}/_matrix/client/v1/auth_metadata`)).json();
  const synapses = await newClient().getAuthMetadata();

  assert.equal(own.issuer, synapses.issuer);
  assert.equal(own.token_endpoint, synapses.token_endpoint);
});
