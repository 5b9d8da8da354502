// The wire between a client and Latchkey breaks, at any byte, and worse: toxiproxy. The client keeps the last answer it received
// whole, and asks again.
import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { after, before, test } from "node:test";
import { allow, devices, introspect, latchkey, logIn, newClient, newPage, openBrowser, pause, psql, restart, token, typePassword, whoami } from "./rig.mjs";
import { layWires } from "./wire.mjs";

const soak = Boolean(process.env.SOAK);
const callback = "https://wire.example.com/callback";
let browser, wire, phone, codes;

// Every byte of a message, or some of each part of it.
const places = (length, step) => Array.from({ length: length + 1 }, (_, i) => i).filter((i) => soak || i % step === 0 || i < 3 || i > length - 3);

// A request on a connection of its own: what was answered, if it arrived whole and in time.
function post(form, port = wire.port, patience = 5000) {
  return new Promise((done) => {
    const request = httpRequest({
      host: "127.0.0.1", port, path: "/oauth2/token", method: "POST", agent: false, signal: AbortSignal.timeout(patience),
      headers: { "content-type": "application/x-www-form-urlencoded", "user-agent": "wire" },
    }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("error", () => done(undefined));
      response.on("close", () => {
        if (!response.complete) return done(undefined);
        const { bytesWritten: sent, bytesRead: received } = request.socket;
        done({ status: response.statusCode, body: JSON.parse(Buffer.concat(parts)), sent, received });
      });
    });
    request.on("error", () => done(undefined));
    request.end(new URLSearchParams(form).toString());
  });
}

// A client that is honest: it keeps the last answer it received, and nothing else.
class Phone {
  received = new Set();
  constructor(clientId, tokens) {
    Object.assign(this, { clientId, refreshToken: tokens.refresh_token, accessToken: tokens.access_token });
  }
  form = () => ({ grant_type: "refresh_token", client_id: this.clientId, refresh_token: this.refreshToken });
  async refresh(port, patience) {
    const held = this.refreshToken;
    const answer = await post(this.form(), port, patience);
    // A 503 says "again"; whatever else is said must be tokens.
    assert.ok(!answer || answer.status === 200 || (answer.status === 503 && answer.body.error === "temporarily_unavailable"), JSON.stringify(answer));
    if (answer?.status !== 200) return answer;
    this.received.add(answer.body.refresh_token);
    // Its other process may have been quicker.
    if (this.refreshToken === held) Object.assign(this, { refreshToken: answer.body.refresh_token, accessToken: answer.body.access_token });
    return answer;
  }
  // On a wire that is whole again.
  async goesOn() {
    const answer = await this.refresh();
    assert.equal(answer?.status, 200);
    assert.equal((await introspect(this.accessToken)).active, true);
    return answer;
  }
}

async function aPhone() {
  const { clientId, tokens } = await logIn(browser, "alice");
  const phone = new Phone(clientId, tokens);
  phone.session = psql("select id from latchkey.oauth_sessions order by id desc limit 1");
  // Each generation there ever was has been received, once.
  phone.hasOneBranch = () => {
    const [generation, finished] = psql(`select generation, finished_at is not null from latchkey.oauth_sessions where id = '${phone.session}'`).split("|");
    assert.equal(finished, "f");
    assert.equal(Number(generation), phone.received.size);
  };
  return phone;
}

// Codes without a page: the person is signed in and has allowed all of it (prompt=none), on one device.
async function openCodes() {
  const context = await browser.newContext();
  const metadata = await newClient().getAuthMetadata();
  const registered = await fetch(metadata.registration_endpoint, {
    method: "POST", headers: { "content-type": "application/json" },
    body: JSON.stringify({ client_name: "Wire", client_uri: "https://wire.example.com/", redirect_uris: [callback], token_endpoint_auth_method: "none" }),
  });
  const clientId = (await registered.json()).client_id;
  const deviceId = "ONTHEWIRE1";
  const verifier = "a-verifier-that-is-long-enough-for-rfc-7636-section-4.1";
  const challenge = Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(verifier))).toString("base64url");
  const address = (more) => `${metadata.authorization_endpoint}?${new URLSearchParams({
    response_type: "code", client_id: clientId, redirect_uri: callback, scope: `urn:matrix:client:api:* urn:matrix:client:device:${deviceId}`,
    code_challenge: challenge, code_challenge_method: "S256", ...more,
  })}`;
  const page = await newPage(context);
  await page.route(`${callback}**`, (route) => route.fulfill({ contentType: "text/plain", body: "back at the client" }));
  await page.goto(address());
  await typePassword(page, "bob");
  await allow(page);
  await page.waitForURL(`${callback}**`);
  await page.close();
  return {
    deviceId,
    async next() {
      let way = address({ prompt: "none" });
      while (!way.startsWith(callback)) way = new URL((await context.request.get(way, { maxRedirects: 0 })).headers().location, way).href;
      const code = new URL(way).searchParams.get("code");
      assert.ok(code, way);
      return { grant_type: "authorization_code", client_id: clientId, redirect_uri: callback, code_verifier: verifier, code };
    },
  };
}

// What the code was exchanged for, and whether that session lives.
const opened = () =>
  psql(`select g.exchanged_at is not null, s.opened_at is not null and s.finished_at is null
    from latchkey.authorization_grants g left join latchkey.oauth_sessions s on s.id = g.session_id order by g.id desc limit 1`);

// Asked again with the same code, for as long as somebody else is at it.
async function again(form) {
  for (let tries = 0; tries < 20; tries++) {
    const answer = await post(form);
    if (answer?.status !== 503) return answer;
    assert.ok(answer.body.error === "temporarily_unavailable");
    await pause(0.1);
  }
  return undefined;
}

before(async () => {
  restart("latchkey: {refresh: {leeway: 30, settling: 180}}"); // as shipped; the rig has less
  browser = await openBrowser();
  wire = await layWires();
  phone = await aPhone();
  codes = await openCodes();
});
after(async () => {
  await browser?.close();
  wire?.takeDown();
  restart();
});

test("a refresh whose reply breaks off after any byte: the same tokens again", async () => {
  const { received } = await phone.goesOn();

  for (const bytes of places(received, 16)) {
    const held = phone.refreshToken;
    const answer = await wire.broken(["limit_data", "downstream", { bytes }], (port) => phone.refresh(port));
    // Whole or not at all: no part of an answer is taken for one.
    assert.equal(answer !== undefined, bytes === received, `${bytes} of ${received} bytes`);
    assert.equal(phone.refreshToken !== held, bytes === received);
    await phone.goesOn();
  }

  phone.hasOneBranch();
});

test("a refresh that breaks off after any byte on its way there", async () => {
  const { sent } = await phone.goesOn();

  for (const bytes of places(sent, 16)) {
    await wire.broken(["limit_data", "upstream", { bytes }], (port) => phone.refresh(port));
    await phone.goesOn();
  }

  phone.hasOneBranch();
});

const troubles = [
  ["reset_peer", "downstream", { timeout: 0 }],
  ["reset_peer", "downstream", { timeout: 40 }],
  ["reset_peer", "upstream", { timeout: 0 }],
  ["reset_peer", "upstream", { timeout: 40 }],
  ["timeout", "downstream", { timeout: 0 }],
  ["timeout", "downstream", { timeout: 40 }],
  ["timeout", "upstream", { timeout: 0 }],
  ["timeout", "upstream", { timeout: 40 }],
  ["slow_close", "downstream", { delay: 200 }],
  ["slow_close", "upstream", { delay: 200 }],
  ["latency", "downstream", { latency: 50, jitter: 50 }],
  ["latency", "downstream", { latency: 500 }],
  ["latency", "upstream", { latency: 500 }],
  ["bandwidth", "downstream", { rate: 1 }],
  ["bandwidth", "upstream", { rate: 1 }],
  ["slicer", "downstream", { average_size: 8, size_variation: 4, delay: 500 }],
  ["slicer", "upstream", { average_size: 8, size_variation: 4, delay: 500 }],
];
test("resets, silence, delay, crumbs, either way: the client gives up, asks again, and goes on", async () => {
  for (const trouble of troubles) {
    for (let i = 0; i < (soak ? 20 : 2); i++) {
      await wire.broken(trouble, (port) => phone.refresh(port, 250));
      await phone.goesOn();
    }
  }

  phone.hasOneBranch();
});

test("a storm: three processes of each phone refresh all the time, over wires that fail in every way", async () => {
  const phones = [phone, await aPhone()];
  const ports = [wire.port, wire.port, wire.port];
  for (let bytes = 0; bytes < 700; bytes += 70) {
    ports.push((await wire.layBroken(["limit_data", "downstream", { bytes }])).port, (await wire.layBroken(["limit_data", "upstream", { bytes }])).port);
  }
  for (const trouble of troubles) ports.push((await wire.layBroken(trouble)).port);
  const anyOf = (list) => list[Math.floor(Math.random() * list.length)];
  const until = Date.now() + (soak ? 300_000 : 5_000);

  await Promise.all(phones.flatMap((phone) => [phone, phone, phone]).map(async (phone) => {
    while (Date.now() < until) {
      await phone.refresh(anyOf(ports), 150);
      if (Math.random() < 0.2) assert.equal((await introspect(phone.accessToken)).active, true);
    }
  }));

  for (const phone of phones) {
    await phone.goesOn();
    phone.hasOneBranch();
  }
});

test("a code exchange that breaks off on its way there: the code stays good", async () => {
  const { sent } = await post(await codes.next());

  for (const bytes of places(sent, 64)) {
    const form = await codes.next();
    const answer = await wire.broken(["limit_data", "upstream", { bytes }], (port) => post(form, port));
    assert.equal(answer, undefined);
    const late = await again(form);
    // Only a request that arrived whole may have been carried out.
    if (bytes < sent) assert.equal(late.status, 200, `${bytes} of ${sent} bytes: ${JSON.stringify(late)}`);
    else assert.ok(late.status === 200 || late.body.error === "invalid_grant");
    assert.equal(opened(), "t|t");
  }
});

test("a code exchange whose reply breaks off: the code is spent, asking again ends nothing, a new sign-in takes the device over", async () => {
  const { received } = await post(await codes.next());

  for (const bytes of places(received, 64)) {
    const form = await codes.next();
    const answer = await wire.broken(["limit_data", "downstream", { bytes }], (port) => post(form, port));
    assert.equal(answer?.status, bytes === received ? 200 : undefined, `${bytes} of ${received} bytes`);
    const refused = await again(form);
    assert.deepEqual([refused.status, refused.body.error], [400, "invalid_grant"]);
    assert.equal(opened(), "t|t");
  }

  const signedIn = await post(await codes.next());
  assert.equal(signedIn.status, 200);
  assert.equal((await whoami(signedIn.body.access_token)).body.device_id, codes.deviceId);
  assert.ok((await devices(signedIn.body.access_token)).includes(codes.deviceId));
  assert.equal(psql(`select count(*) from latchkey.oauth_sessions where device_id = '${codes.deviceId}' and finished_at is null`), "1");
});

test("nothing of it was a fault of the server", async () => {
  const metrics = await (await fetch(`${process.env.LATCHKEY_URL}/metrics`)).text();
  const faults = metrics.split("\n").filter((line) => /^http_server_duration.*_count/.test(line) && /status_code="5/.test(line) && !/status_code="503"/.test(line));
  assert.deepEqual(faults, []);
  assert.doesNotMatch(latchkey("log").toString(), /unforeseen failure/);
});
